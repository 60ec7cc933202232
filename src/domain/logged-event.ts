/** An entry of the event log. */
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
