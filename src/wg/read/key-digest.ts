import { createHash, randomBytes } from 'node:crypto';

const salt = randomBytes(32);
const DIGEST_BYTES = 16;

/**
 * Stands for a preshared key where the key itself has no business: equal for equal keys, and worthless
 * outside of this process, whose salt is kept nowhere. null is no key, which WireGuard holds as zeros.
 */
export function presharedKeyDigest(key: Buffer): string | null {
  if (key.every((byte) => byte === 0)) return null;
  const digest = createHash('sha256').update(salt).update(key).digest();
  return digest.toString('base64', 0, DIGEST_BYTES);
}
