import { createHash, randomBytes } from 'node:crypto';

const salt = randomBytes(32);
const DIGEST_BYTES = 16;

/**
 * Represents a preshared key where the key itself must not be kept: equal for equal keys, and useless outside
 * this process, because the salt is stored nowhere. null means no key, which WireGuard stores as zeros.
 */
export function presharedKeyDigest(key: Buffer): string | null {
  if (key.every((byte) => byte === 0)) return null;
  const digest = createHash('sha256').update(salt).update(key).digest();
  return digest.toString('base64', 0, DIGEST_BYTES);
}
