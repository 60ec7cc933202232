import { randomBytes, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, unlink } from 'node:fs/promises';
import {
  followOwnLinks,
  makeFolderOf,
  makePrivate,
  OWNER_ONLY,
  openRegular,
  syncFolderOf,
} from './private-files.ts';

export const KEY_BYTES = 32;

/**
 * The key in this file, which is made when it is missing and is the owner's alone. A file that holds
 * something else is left as it is. Rejects when it cannot be read, made, or taken for a key.
 */
export async function readOrMakeKey(path: string): Promise<Buffer> {
  const real = await followOwnLinks(path);
  const file = await openRegular(real, constants.O_RDONLY).catch(
    async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await makeKey(real);
      return openRegular(real, constants.O_RDONLY);
    },
  );
  try {
    return await readKey(file);
  } finally {
    await file.close();
  }
}

async function readKey(file: FileHandle): Promise<Buffer> {
  const key = Buffer.from(await file.readFile('utf8'), 'base64');
  if (key.length !== KEY_BYTES) throw new Error('The file holds no key.');
  await makePrivate(file);
  return key;
}

/**
 * The database outlives a power cut with what is sealed under the key, so the key does too. It comes by
 * a link, whole, and never in the place of another.
 */
async function makeKey(file: string): Promise<void> {
  await makeFolderOf(file);
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'wx', OWNER_ONLY);
  try {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
  await syncFolderOf(file);
}
