import { createHash, randomBytes } from 'node:crypto';

const salt = randomBytes(32);
const DIGEST_BYTES = 16;

/**
 * Represents a secret key where the key itself must not be kept: equal for equal keys, and useless outside this
 * process, because the salt is stored nowhere.
 */
export function keyDigest(key: Buffer): string {
  const digest = createHash('sha256').update(salt).update(key).digest();
  return digest.toString('base64', 0, DIGEST_BYTES);
}

/** The digest of a preshared key; null means no key, which WireGuard stores as zeros. */
export function presharedKeyDigest(key: Buffer): string | null {
  return key.every((byte) => byte === 0) ? null : keyDigest(key);
}
