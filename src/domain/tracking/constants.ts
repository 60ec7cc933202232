/** WireGuard's REJECT_AFTER_TIME: a session key is not used beyond it. */
export const REJECT_AFTER_MS = 180_000;

/** The length of the finest traffic bucket. */
export const BUCKET_MS = 15 * 60_000;

/** How long it takes to call somebody offline, or a record interrupted. */
export interface TrackingConstants {
  /** WGQL_ONLINE_WINDOW_S. */
  readonly onlineMs: number;
  readonly pollIntervalMs: number;
}
