/** What is published, by topic. */
export interface Topics {
  /** A user came online or went offline. A state: only the newest of a user counts. */
  presence: PresenceChange;
  /** Something was committed, so that a snapshot read before may be out of date. A state. */
  commit: { readonly at: Date };
  /** Something was read, or could not be: the status may be another. A state. */
  status: { readonly at: Date };
  /** How fast a user moves bytes. A state: only the newest of a user counts. */
  traffic: RateChange;
  /** An entry of the durable log. An event: every one counts. */
  events: LoggedEvent;
}

export interface PresenceChange {
  readonly userId: number;
  readonly isOnline: boolean;
  readonly at: Date;
}

export interface RateChange {
  readonly userId: number;
  readonly rxBytesPerSecond: number;
  readonly txBytesPerSecond: number;
}

export interface LoggedEvent {
  readonly id: number;
  readonly type: string;
  readonly at: Date;
  readonly userId: number | null;
  readonly sessionId: number | null;
  readonly interface: string | null;
  readonly endpoint: string | null;
  readonly reason: string | null;
  readonly actor: string | null;
}
