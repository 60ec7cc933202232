import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** So that people and scanners of repositories know a token when they see one. */
const PREFIX = 'wgql_';
const RANDOM_BYTES = 32;

/** A token as it is kept. */
export interface StoredToken {
  readonly id: number;
  readonly name: string;
  /** A `Role`; one of a newer version gives no right here. */
  readonly role: string;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  /** null is never. */
  readonly expiresAt: Date | null;
  /** Prefixes joined by commas that it may be used from; null is anywhere. */
  readonly allowedFrom: string | null;
  /** null: it is not revoked. */
  readonly revokedAt: Date | null;
}

/** A new token, to be shown once: 256 random bits. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(RANDOM_BYTES).toString('base64url')}`;
}

/** As it is kept. A fast hash will do: what is hashed is random and cannot be guessed. */
export function hashOf(secret: string): string {
  return tokenDigest(secret).toString('hex');
}

export function tokenDigest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Takes the same time wherever the two differ. */
export function isSameDigest(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}

/** Whether the token gives any right at this instant. */
export function isInForce({ expiresAt, revokedAt }: StoredToken, nowMs: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > nowMs);
}
