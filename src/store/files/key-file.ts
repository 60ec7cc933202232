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
 * Returns the key in this file, which is created if it is missing, accessible only to the owner. A file with
 * other contents is left unchanged. Rejects if the file cannot be read or created, or holds no key.
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
 * Data encrypted with the key survives a power failure in the database, so the key must too. The file is
 * created by a link, complete, and never replaces another.
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
