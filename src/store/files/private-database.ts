import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import {
  followOwnLinks,
  makeFolderOf,
  makePrivate,
  openRegular,
  refuseSecondName,
} from './private-files.ts';

/** The beginning of every SQLite file. */
export const SQLITE_MAGIC = 'SQLite format 3\0';

/** The files that SQLite creates beside a database; a crash leaves them there. */
const BESIDE = ['-wal', '-shm', '-journal'];

/**
 * Creates an empty database file if there is none, and removes the permissions of others from it and from the
 * files beside it before anything secret is written. A file that is not a database is left unchanged.
 * Resolves with the path with symbolic links resolved.
 */
export async function makePrivateDatabase(path: string): Promise<string> {
  await makeFolderOf(path);
  const real = await followOwnLinks(path);
  await closing(await openRegular(real, constants.O_RDWR | constants.O_CREAT), async (file) => {
    if (!(await isDatabase(file))) {
      throw Object.assign(new Error('The file is no SQLite database.'), { code: 'SQLITE_NOTADB' });
    }
    await makePrivate(file);
  });
  for (const suffix of BESIDE) await makePrivateIfThere(`${real}${suffix}`);
  return real;
}

/** An empty file is a valid database. */
async function isDatabase(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_MAGIC.length), 0, null, 0);
  return bytesRead === 0 || buffer.toString('latin1') === SQLITE_MAGIC;
}

async function makePrivateIfThere(path: string): Promise<void> {
  const file = await openRegular(path, constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  if (file === null) return;
  await closing(file, async () => {
    await refuseSecondName(file);
    await makePrivate(file);
  });
}

export async function closing(
  file: FileHandle,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
