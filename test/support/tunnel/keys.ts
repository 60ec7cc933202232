import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';

import { publish } from '../outlet.ts';

/** An x25519 key pair as WireGuard writes it: 32 raw bytes in base64. */
export interface KeyPair {
  privateKey: string;
  publicKey: string;
}

/** What stands before the 32 raw bytes of an x25519 private key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A new random key pair. The private key is clamped, so `wg` shows it unchanged. */
export function generateKeyPair(): KeyPair {
  const raw = randomBytes(32);
  raw[0] = (raw[0] ?? 0) & 248;
  raw[31] = ((raw[31] ?? 0) & 127) | 64;
  const privateKey = raw.toString('base64');
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

/** A new random preshared key: 32 raw bytes in base64. */
export function generatePresharedKey(): string {
  return randomBytes(32).toString('base64');
}

/** The public key (base64) that belongs to a private key (base64). */
export function publicKeyOf(privateKey: string): string {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(privateKey, 'base64')]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new Error('Not an x25519 private key');
  return publish(Buffer.from(x, 'base64url').toString('base64'));
}
