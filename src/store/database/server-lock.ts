import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../domain/errors.ts';
import { closing, makePrivateDatabase } from '../files/private-database.ts';
import { makePrivate, openRegular, refuseSecondName } from '../files/private-files.ts';

/** The exit code of the flock command when another process has the lock. */
const FLOCK_TAKEN = 1;

/** Prevents a second server from using a database. */
export interface ServerLock {
  /** The path of the database, with symbolic links resolved. */
  readonly path: string;
  /** false: there is no flock command, so only the lock file protects the database. */
  readonly isOnDatabase: boolean;
  /** Open on the database for as long as it is locked. */
  readonly handle: number;
  /** Must be called only once the database is closed: closing the handle releases SQLite's locks on it. */
  release(): void;
}

/**
 * Locks the database for the one server that may write it: two would book every byte twice. Two locks are
 * taken. One is on the database file itself, so that neither another name of the file nor the removal of the
 * lock file bypasses it. The other is on a file beside it, which versions up to 0.1.0 check, and which is the
 * only one if there is no flock command. The system releases both when the process ends, however it ends. The
 * commands run beside the server and take neither. Rejects with an `AppError` if another server has the
 * database.
 */
export async function lockForServer(path: string): Promise<ServerLock> {
  const real = await makePrivateDatabase(path);
  const beside = await lockFileBeside(`${real}.lock`, path);
  let handle: number | null = null;
  try {
    handle = openSync(real, constants.O_RDWR | constants.O_NOFOLLOW);
    const locked = await lockFile(handle);
    if (locked === 'taken') throw inUse(path);
    return lockOf(real, handle, locked === 'ours', beside);
  } catch (error) {
    if (handle !== null) closeSync(handle);
    beside.close();
    throw error;
  }
}

function lockOf(
  path: string,
  handle: number,
  isOnDatabase: boolean,
  beside: Database.Database,
): ServerLock {
  return {
    path,
    handle,
    isOnDatabase,
    release: () => {
      closeSync(handle);
      beside.close();
    },
  };
}

async function lockFileBeside(lockPath: string, path: string): Promise<Database.Database> {
  await closing(await openRegular(lockPath, constants.O_RDWR | constants.O_CREAT), async (file) => {
    await refuseSecondName(file);
    await makePrivate(file);
  });
  const lock = new Database(lockPath, { timeout: 0 });
  try {
    // Nothing is ever written to it, so there is nothing to roll back.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw (error as { code?: unknown }).code === 'SQLITE_BUSY' ? inUse(path, error) : error;
  }
}

/**
 * Locks a file, which Node.js cannot do itself: the command locks the handle that it shares with this
 * process, and the lock stays until this process closes it. SQLite uses locks of another kind, which do not
 * conflict with this one.
 */
async function lockFile(handle: number): Promise<'ours' | 'taken' | 'unsupported'> {
  const flock = spawn('flock', ['-x', '-n', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', handle],
  });
  try {
    const [code] = await once(flock, 'close');
    if (code === 0) return 'ours';
    return code === FLOCK_TAKEN ? 'taken' : 'unsupported';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'unsupported';
    throw error;
  }
}

function inUse(path: string, cause?: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    {
      en: `Another wgql server is using the database ${path}; stop it, or set WGQL_DATABASE_URL to another file.`,
      zh: `另一个 wgql 服务器正在使用数据库 ${path}；请停止它，或将 WGQL_DATABASE_URL 设为其他文件。`,
    },
    [],
    { cause },
  );
}
