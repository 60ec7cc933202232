import { fstatSync, readSync, statSync } from 'node:fs';
import { AppError } from '../../domain/errors.ts';
import { SQLITE_MAGIC } from './private-database.ts';

/** Whether the files of an open database are still those that its path names. */
export interface DatabaseFiles {
  /** Throws an `AppError` where what is written now would be lost. */
  requireInPlace(): void;
  /** Runs `act` once, as soon as the files are found elsewhere. */
  whenMoved(act: () => Promise<void>): void;
  /** Throws an `AppError` where the file is no database any more, or was found damaged. */
  requireReadable(): void;
  /** Damage stays until a backup is in place, so it is remembered. */
  noteDamage(damage: AppError): void;
}

/**
 * The files of the database under this path. `real` is where symbolic links lead, and `handle` is open
 * on it. SQLite goes on with a file that was deleted or replaced, and what it writes there is lost.
 * Opening the file again to check it would release SQLite's locks of this process, so its status and
 * the handle have to do.
 */
export function databaseFiles(path: string, real: string, handle: number): DatabaseFiles {
  const { dev, ino } = fstatSync(handle, { bigint: true });
  const known = new Map([[path, `${dev}:${ino}`]]);
  // A commit is in the first of these until it is moved to the database. SQLite makes them itself.
  const files = [path, `${real}-wal`, `${real}-shm`];
  let knownDamage: AppError | null = null;
  let onMoved: (() => Promise<void>) | null = null;
  const moved = (file: string): AppError => {
    const act = onMoved;
    onMoved = null;
    // The caller is refused whatever becomes of it.
    act?.().catch(() => {});
    return notInPlace(file);
  };
  return {
    whenMoved: (act) => {
      onMoved = act;
    },
    requireInPlace: () => {
      for (const file of files) {
        const present = identityOf(file);
        const expected = known.get(file);
        if (expected === undefined) {
          if (present !== null) known.set(file, present);
        } else if (present !== expected) throw moved(file);
      }
    },
    noteDamage: (damage) => {
      knownDamage = damage;
    },
    requireReadable: () => {
      if (knownDamage !== null) throw knownDamage;
      const header = Buffer.alloc(SQLITE_MAGIC.length);
      readSync(handle, header, 0, header.length, 0);
      if (header.toString('latin1') !== SQLITE_MAGIC) {
        throw damaged(new Error(`${path} has no SQLite header.`));
      }
    },
  };
}

/** null: it is not there, or not to be seen. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** Clients see these sentences, so the path is only in the cause, for the log. */
function notInPlace(file: string): AppError {
  return new AppError(
    'UNAVAILABLE',
    {
      en: 'The database file was deleted, renamed or replaced while wgql is running, so nothing more can be stored; restore it, or stop wgql, replace it with a backup, and start wgql.',
      zh: '数据库文件在 wgql 运行时被删除、重命名或替换，因此无法再保存任何内容；请恢复该文件，或停止 wgql、用备份替换它后再启动。',
    },
    [],
    { cause: new Error(`${file} is no longer the file that was opened.`) },
  );
}

/** What a running server says of damage. */
export function damaged(cause: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    {
      en: 'The database is damaged and cannot be read; stop wgql, replace it with a backup, delete the -wal and -shm files beside it, and start wgql.',
      zh: '数据库已损坏，无法读取；请停止 wgql，用备份替换它并删除旁边的 -wal 和 -shm 文件，然后启动 wgql。',
    },
    [],
    { cause },
  );
}
