/** What decides whether a token is asked for. */
export interface ModeSettings {
  /** `none`: everybody who reaches the server may do everything, by explicit choice. */
  readonly auth: 'auto' | 'none';
  /** Only this machine reaches the server. */
  readonly isLoopback: boolean;
}

/**
 * `open`: everybody who reaches the server is its administrator. `tokens`: a token is asked for.
 * `shut`: others reach the server and it never had a token, so it must not start.
 */
export type Mode = 'open' | 'tokens' | 'shut';

/**
 * A database that once had a token stays closed, also when all of them are revoked or expired: else
 * the end of the last token would open what somebody chose to close.
 */
export function modeOf({ auth, isLoopback }: ModeSettings, hadToken: boolean): Mode {
  if (auth === 'none') return 'open';
  if (hadToken) return 'tokens';
  return isLoopback ? 'open' : 'shut';
}
