import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export const OWNER_ONLY = 0o600;
export const OWNERS_FOLDER = 0o700;

/** Every SQLite file begins with it. */
const SQLITE_MAGIC = 'SQLite format 3\0';

/** What SQLite lays beside a database; a crash leaves them there. */
const BESIDE = ['-wal', '-shm', '-journal'];

/** Makes the folders that are missing, for the owner alone; one that is there is not touched. */
export async function makeFolderOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: OWNERS_FOLDER });
}

/**
 * Makes the database file, empty, where there is none, and takes it and what lies beside it from
 * everybody but the owner before anything secret is written. A file that is something else is left
 * as it is. Rejects when it cannot be done.
 */
export async function makePrivateDatabase(path: string): Promise<void> {
  await makeFolderOf(path);
  const file = await open(path, 'a+', OWNER_ONLY);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_MAGIC.length), 0, null, 0);
    if (bytesRead > 0 && buffer.toString('latin1') !== SQLITE_MAGIC) {
      throw new Error('The file is no SQLite database.');
    }
    await file.chmod(OWNER_ONLY);
  } finally {
    await file.close();
  }
  await Promise.all(BESIDE.map((suffix) => makePrivate(`${path}${suffix}`)));
}

/** Has a file that was made survive a power cut: its name stands in the folder. */
export async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Takes a file from everybody but its owner; one that is not there needs nothing. */
export async function makePrivate(path: string): Promise<void> {
  try {
    await chmod(path, OWNER_ONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
