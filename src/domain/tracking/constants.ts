/** WireGuard's REJECT_AFTER_TIME: a session key is not used longer than this. */
export const REJECT_AFTER_MS = 180_000;

/** The length of the finest traffic bucket. */
export const BUCKET_MS = 15 * 60_000;

/** The time after which a user counts as offline, or a record as interrupted. */
export interface TrackingConstants {
  /** WGQL_ONLINE_WINDOW_S. */
  readonly onlineMs: number;
  readonly pollIntervalMs: number;
}
