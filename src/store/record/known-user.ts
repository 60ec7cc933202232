/** The ids of a user and of its open session, known without asking the database at every poll. */
export interface KnownUser {
  readonly id: number;
  readonly openSessionId: number | null;
}
