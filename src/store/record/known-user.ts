/** The ids of a user and of its open session, cached so that a poll need not query them. */
export interface KnownUser {
  readonly id: number;
  readonly openSessionId: number | null;
}
