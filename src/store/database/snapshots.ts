import Database from 'better-sqlite3';
import type { Prisma } from '../../generated/prisma/client.ts';
import { isDamage } from '../failures/error-code.ts';
import { type DatabaseFiles, damaged } from '../files/database-files.ts';

/** Waits no longer for a lock than a statement of the main connection. */
const BUSY_TIMEOUT_MS = 500;

type Value = string | number | bigint | null;

/** The database as it is at one instant, read on a connection of its own. */
export interface Snapshot {
  count(sql: Prisma.Sql): number;
  /** Reads a row only when it is asked for. */
  rows(sql: Prisma.Sql): IterableIterator<readonly Value[]>;
  /** Ends also what is being read. */
  close(): void;
}

export interface Snapshots {
  /**
   * Throws an `AppError` where the database is not the one that was opened at the start. Each has up to
   * 2 MB of pages, and keeps SQLite from shortening the WAL.
   */
  open(): Snapshot;
  /** Closes all of them. */
  close(): void;
}

/** Snapshots of the database under this path, whose files are checked before it is opened again. */
export function snapshotsOf(
  path: string,
  files: Pick<DatabaseFiles, 'requireInPlace' | 'noteDamage'>,
): Snapshots {
  const snapshots = new Set<Snapshot>();
  return {
    open: () => {
      files.requireInPlace();
      const snapshot = openSnapshot(path, telling(files), () => snapshots.delete(snapshot));
      snapshots.add(snapshot);
      return snapshot;
    },
    close: () => {
      for (const snapshot of snapshots) snapshot.close();
    },
  };
}

/** Runs a piece of reading; damage that it finds is said as such, and remembered. */
type Read = <T>(work: () => T) => T;

function telling({ noteDamage }: Pick<DatabaseFiles, 'noteDamage'>): Read {
  return (work) => {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      const damage = damaged(error);
      noteDamage(damage);
      throw damage;
    }
  };
}

function openSnapshot(path: string, read: Read, onClosed: () => void): Snapshot {
  const options = { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS };
  const db = read(() => new Database(path, options));
  const reading = new Set<IterableIterator<unknown>>();
  read(() => db.exec('BEGIN'));
  return {
    count: ({ sql, values }) => read(() => Number(db.prepare(sql).pluck().get(values.map(bound)))),
    rows: ({ sql, values }) => {
      const rows = read(
        () => db.prepare(sql).raw().iterate(values.map(bound)) as IterableIterator<Value[]>,
      );
      reading.add(rows);
      const each: IterableIterator<Value[]> = {
        next: () => read(() => rows.next()),
        [Symbol.iterator]: () => each,
      };
      return each;
    },
    close: () => {
      if (!db.open) return;
      // A connection that is being read refuses to close.
      for (const rows of reading) rows.return?.();
      db.close();
      onClosed();
    },
  };
}

/** SQLite knows neither booleans nor dates. */
function bound(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Date ? value.getTime() : value;
}
