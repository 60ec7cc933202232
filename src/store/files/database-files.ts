import { fstatSync, readSync, statSync } from 'node:fs';
import { AppError } from '../../domain/errors.ts';
import { SQLITE_MAGIC } from './private-database.ts';

/** Whether the files of an open database are still those at its path. */
export interface DatabaseFiles {
  /** Throws an `AppError` if data written now would be lost. */
  requireInPlace(): void;
  /** Runs `act` once, as soon as the files are found to be moved or replaced. */
  whenMoved(act: () => Promise<void>): void;
  /** Throws an `AppError` if the file is no longer a database, or was found damaged. */
  requireReadable(): void;
  /** Damage lasts until a backup is restored, so it is remembered. */
  noteDamage(damage: AppError): void;
}

/**
 * The files of the database at this path. `real` is the path with symbolic links resolved, and `handle` is
 * open on it. SQLite continues with a file that was deleted or replaced, and anything written there is lost.
 * Opening the file again to check it would release SQLite's locks of this process, so the check uses only its
 * status and the handle.
 */
export function databaseFiles(path: string, real: string, handle: number): DatabaseFiles {
  const { dev, ino } = fstatSync(handle, { bigint: true });
  const known = new Map([[path, `${dev}:${ino}`]]);
  // A commit is in the first of these until it is moved to the database. SQLite creates them itself.
  const files = [path, `${real}-wal`, `${real}-shm`];
  let knownDamage: AppError | null = null;
  let onMoved: (() => Promise<void>) | null = null;
  const moved = (file: string): AppError => {
    const act = onMoved;
    onMoved = null;
    // The caller gets an error whether or not this succeeds.
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

/** null: it does not exist, or cannot be accessed. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** Clients see these messages, so the path is only in the cause, for the log. */
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

/** The error of a running server whose database is damaged. */
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
