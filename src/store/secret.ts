import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import { makeFolderOf, makePrivate } from './private-files.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps secrets so that the database alone does not give them away. */
export interface SecretBox {
  seal(secret: string): string;
  /** Throws when the text was sealed under another key. */
  open(sealed: string): string;
}

/** The box under the key in this file, which is made when it is missing and is the owner's alone. */
export async function openSecretBox(keyFile: string): Promise<SecretBox> {
  const key = await readOrMakeKey(keyFile);
  return {
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

async function readOrMakeKey(file: string): Promise<Buffer> {
  try {
    await makeFolderOf(file);
    await writeFile(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, error);
  }
  const key = Buffer.from(
    await readFile(file, 'utf8').catch((e) => Promise.reject(unusable(file, e))),
    'base64',
  );
  if (key.length !== KEY_BYTES) throw unusable(file, undefined);
  await makePrivate(file).catch((e) => Promise.reject(unusable(file, e)));
  return key;
}

function unusable(file: string, cause: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    {
      en: `The key file ${file} cannot be used; check WGQL_SECRET_KEY_FILE and its permissions.`,
      zh: `密钥文件 ${file} 无法使用；请检查 WGQL_SECRET_KEY_FILE 及其权限。`,
    },
    [],
    { cause },
  );
}
