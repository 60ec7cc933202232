import { open, rm } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { makeFolderOf, OWNER_ONLY } from './private-files.ts';

/** A copy waits for a server that writes a large poll; the server does not wait for the copy. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Writes the database of this path to a new file that is the owner's alone from its first byte on.
 * Rejects with an `AppError` where the file exists or cannot be written, and leaves nothing half done.
 */
export async function copyDatabase(path: string, file: string): Promise<void> {
  const db = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    // A file that is no database is told apart from a copy that cannot be written.
    db.pragma('schema_version');
    await makeEmpty(file);
    try {
      db.prepare('VACUUM INTO ?').run(file);
    } catch (error) {
      await rm(file, { force: true });
      throw notWritable(file, error);
    }
  } finally {
    db.close();
  }
}

async function makeEmpty(file: string): Promise<void> {
  try {
    await makeFolderOf(file);
  } catch (error) {
    throw notWritable(file, error);
  }
  try {
    await (await open(file, 'wx', OWNER_ONLY)).close();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? alreadyThere(file)
      : notWritable(file, error);
  }
}

function alreadyThere(file: string): AppError {
  return new AppError('CONFLICT', {
    en: `${file} exists already, and a backup overwrites nothing; name another file.`,
    zh: `${file} 已存在，备份不会覆盖任何文件；请指定其他文件。`,
  });
}

function notWritable(file: string, cause: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    {
      en: `The backup ${file} cannot be written; check the folder's permissions and the room on the disk.`,
      zh: `无法写入备份 ${file}；请检查目录权限和磁盘空间。`,
    },
    [],
    { cause },
  );
}
