import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';

/** The DER prefix of an X25519 private key (RFC 8410); the 32 bytes of the key follow it. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

/**
 * The public key, in base64, of a private key in hexadecimal; null for "no key" (all zeros) or a malformed
 * key. The userspace protocol reports only the private key.
 */
export function publicKeyOf(privateKeyHex: string): string | null {
  if (!/^[0-9a-f]{64}$/i.test(privateKeyHex) || /^0+$/.test(privateKeyHex)) return null;
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, Buffer.from(privateKeyHex, 'hex')]),
    format: 'der',
    type: 'pkcs8',
  });
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return der.subarray(-32).toString('base64');
}

export interface KeyPair {
  /** Base64 of 32 bytes. */
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A new key pair, as `wg genkey` and `wg pubkey` make one. */
export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const lastBytes = (der: Buffer) => der.subarray(-32).toString('base64');
  return {
    privateKey: lastBytes(privateKey.export({ format: 'der', type: 'pkcs8' })),
    publicKey: lastBytes(publicKey.export({ format: 'der', type: 'spki' })),
  };
}

/** A new preshared key, as `wg genpsk` makes one. */
export function newPresharedKey(): string {
  return randomBytes(32).toString('base64');
}
