import { open, realpath } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { makePrivateDatabase, OWNER_ONLY } from './private-files.ts';

/** What keeps a second server from a database. */
export interface ServerLock {
  release(): void;
}

/**
 * Takes the database for the one server that may write it: two would book every byte twice. The lock
 * is SQLite's own on a file beside the database, so the system drops it when the process ends, however
 * it ends. The commands run beside the server and do not take it. Rejects with an `AppError` where
 * another server has it.
 */
export async function lockForServer(path: string): Promise<ServerLock> {
  await makePrivateDatabase(path);
  // A database has one lock, by whatever name it is reached.
  const lockPath = `${await realpath(path)}.lock`;
  const file = await open(lockPath, 'a', OWNER_ONLY);
  await file.chmod(OWNER_ONLY).finally(() => file.close());
  const lock = new Database(lockPath, { timeout: 0 });
  try {
    // Nothing is ever written to it, so nothing is to be rolled back.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw (error as { code?: unknown }).code === 'SQLITE_BUSY' ? inUse(path, error) : error;
  }
  return { release: () => void lock.close() };
}

function inUse(path: string, cause: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    {
      en: `Another wgql server has the database ${path}; stop it, or set WGQL_DATABASE_URL to another file.`,
      zh: `另一个 wgql 服务器正在使用数据库 ${path}；请停止它，或将 WGQL_DATABASE_URL 设为其他文件。`,
    },
    [],
    { cause },
  );
}
