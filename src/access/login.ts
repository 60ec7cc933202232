/** A stored login: a browser that exchanged a token for a cookie. */
export interface StoredLogin {
  readonly id: number;
  /** The hash of the token it was made with. */
  readonly tokenHash: string;
  /** SHA-256 of the secret in the cookie, in hex. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The address of the client that logged in; null if it is unknown. */
  readonly address: string | null;
}

export type NewLogin = Omit<StoredLogin, 'id'>;

/**
 * How long a login lasts: long enough that people who look once a month need not find their token again, and
 * short enough that a forgotten browser loses access by itself.
 */
export const LOGIN_MS = 30 * 24 * 60 * 60_000;
