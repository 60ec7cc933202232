/** The settings that decide whether a token is required. */
export interface ModeSettings {
  /** `none`: every client that can reach the server has full access, by explicit choice. */
  readonly auth: 'auto' | 'none';
  /** Only this machine can reach the server. */
  readonly isLoopback: boolean;
}

/**
 * `open`: every client that can reach the server is an administrator. `tokens`: a token is required.
 * `locked`: other machines can reach the server and it never had a token, so it must not start.
 */
export type Mode = 'open' | 'tokens' | 'locked';

/**
 * Once a database has had a token, a token is always required, even if all of them are revoked or expired:
 * otherwise the end of the last token would grant access to everyone.
 */
export function modeOf({ auth, isLoopback }: ModeSettings, hadToken: boolean): Mode {
  if (auth === 'none') return 'open';
  if (hadToken) return 'tokens';
  return isLoopback ? 'open' : 'locked';
}
