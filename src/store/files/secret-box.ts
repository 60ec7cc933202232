import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError, type Text } from '../../domain/errors.ts';
import { readOrMakeKey } from './key-file.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts secrets so that the database alone does not reveal them. */
export interface SecretBox {
  /** Throws an `AppError` if there is no key. */
  seal(secret: string): string;
  /** Throws if the text was encrypted with another key, or if there is no key. */
  open(sealed: string): string;
  /** Why there is no key, or null. */
  readonly problem: Text | null;
}

/**
 * The box with the key in this file, which is created if it is missing. Without a key, monitoring continues,
 * and so do the limits of all users whose peers have no preshared key.
 */
export async function openSecretBox(keyFile: string): Promise<SecretBox> {
  try {
    return boxUnder(await readOrMakeKey(keyFile));
  } catch (cause) {
    return lockedBox(keyFile, cause);
  }
}

function lockedBox(file: string, cause: unknown): SecretBox {
  const refuse = () => {
    throw new AppError('UNAVAILABLE', NO_KEY, [], { cause });
  };
  return { seal: refuse, open: refuse, problem: unusable(file) };
}

function boxUnder(key: Buffer): SecretBox {
  return {
    problem: null,
    seal: (secret) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(tag);
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}

const NO_KEY: Text = {
  en: 'The key file cannot be used, so neither preshared keys nor secrets of webhooks can be stored or decrypted; fix the file of WGQL_SECRET_KEY_FILE, then restart wgql.',
  zh: '密钥文件无法使用，因此无法保存或解密预共享密钥和 Webhook 密钥；请修复 WGQL_SECRET_KEY_FILE 所指的文件，然后重启 wgql。',
};

function unusable(file: string): Text {
  return {
    en: `The key file ${file} is damaged, or cannot be read or created, and is left unchanged: peers with a preshared key cannot be restored once they are removed. Restore the file and restart wgql.`,
    zh: `密钥文件 ${file} 已损坏，或无法读取或创建，文件保持不变：有预共享密钥的对等节点一旦被移除便无法恢复。请恢复该文件并重启 wgql。`,
  };
}
