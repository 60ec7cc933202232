import type { LoggedEvent } from '../domain/logged-event.ts';

export type { LoggedEvent };

/** The published values, by topic. */
export interface Topics {
  /** A user came online or went offline. A state: only the newest per user is kept. */
  presence: PresenceChange;
  /** Something was committed, so snapshots read before may be out of date. A state. */
  commit: { readonly at: Date };
  /** WireGuard was read or could not be read, so the status may have changed. A state. */
  status: { readonly at: Date };
  /** A user's transfer rate. A state: only the newest per user is kept. */
  traffic: RateChange;
  /** An entry of the event log. An event: every value is kept. */
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
