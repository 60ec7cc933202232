import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Allows people and secret scanners to recognize a token. */
const PREFIX = 'wgql_';
const RANDOM_BYTES = 32;

/** A stored token. */
export interface StoredToken {
  readonly id: number;
  readonly name: string;
  /** A `Role`; a role of a newer version grants nothing here. */
  readonly role: string;
  /** SHA-256 of the token, in hex. */
  readonly hash: string;
  /** null means never. */
  readonly expiresAt: Date | null;
  /** The prefixes it may be used from, separated by commas; null means any address. */
  readonly allowedFrom: string | null;
  /** Whose users a token with the role `self` reads; null for the other roles. */
  readonly owner: string | null;
  /** null means not revoked. */
  readonly revokedAt: Date | null;
}

/** Generates a token with 256 random bits, to be shown once. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(RANDOM_BYTES).toString('base64url')}`;
}

/** The stored form of a token. A fast hash is sufficient, because the token is random. */
export function hashOf(secret: string): string {
  return tokenDigest(secret).toString('hex');
}

export function tokenDigest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares in constant time. */
export function isSameDigest(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}

/** Whether the token is neither expired nor revoked at this time. */
export function isInForce({ expiresAt, revokedAt }: StoredToken, nowMs: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > nowMs);
}
