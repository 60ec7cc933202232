import Database from 'better-sqlite3';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Tracer } from '../../tracing/tracer.ts';
import { isDamage } from '../failures/error-code.ts';
import { type DatabaseFiles, damaged } from '../files/database-files.ts';

/** Waits for a lock as long as a statement of the main connection. */
const BUSY_TIMEOUT_MS = 500;

type Value = string | number | bigint | null;

/** The database as it is at one instant, read on a separate connection. */
export interface Snapshot {
  /** Reads all rows at once; `exact`: all integers are BigInt. */
  all(sql: Prisma.Sql, exact?: boolean): (readonly Value[])[];
  /** Reads each row only when it is requested; `exact`: all integers are BigInt. */
  rows(sql: Prisma.Sql, exact?: boolean): IterableIterator<readonly Value[]>;
  /** Also ends a read in progress. */
  close(): void;
}

export interface Snapshots {
  /**
   * Throws an `AppError` if the database is not the one that was opened at the start. Each snapshot has up to
   * 2 MB of pages, and prevents SQLite from shortening the WAL.
   */
  open(): Snapshot;
  /** Runs a read on a snapshot of its own. */
  read<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /** Closes all of them. */
  close(): void;
}

/** Snapshots of the database at this path, whose files are checked before it is opened again. */
export function snapshotsOf(
  path: string,
  files: Pick<DatabaseFiles, 'requireInPlace' | 'noteDamage'>,
  tracer: Tracer | null = null,
): Snapshots {
  const snapshots = new Set<Snapshot>();
  const open = () => {
    files.requireInPlace();
    const opened = openSnapshot(path, telling(files), () => snapshots.delete(snapshot));
    const snapshot = tracer === null ? opened : tracedSnapshot(opened, tracer);
    snapshots.add(snapshot);
    return snapshot;
  };
  return {
    open,
    read: async (work) => {
      const snapshot = open();
      try {
        return await work(snapshot);
      } finally {
        snapshot.close();
      }
    },
    close: () => {
      for (const snapshot of snapshots) snapshot.close();
    },
  };
}

/** Runs a read; damage that it finds is reported as such, and remembered. */
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
    all: ({ sql, values }, exact = false) =>
      read(() => db.prepare(sql).raw().safeIntegers(exact).all(values.map(bound)) as Value[][]),
    rows: ({ sql, values }, exact = false) => {
      const rows = read(() => {
        const statement = db.prepare(sql).raw().safeIntegers(exact);
        return statement.iterate(values.map(bound)) as IterableIterator<Value[]>;
      });
      reading.add(rows);
      const each: IterableIterator<Value[]> = {
        next: () => read(() => rows.next()),
        [Symbol.iterator]: () => each,
      };
      return each;
    },
    close: () => {
      if (!db.open) return;
      // A connection with a read in progress refuses to close.
      for (const rows of reading) rows.return?.();
      db.close();
      onClosed();
    },
  };
}

/** Rows that are read one by one have no span: the time between two of them is their reader's. */
function tracedSnapshot(snapshot: Snapshot, tracer: Tracer): Snapshot {
  return {
    ...snapshot,
    all: (sql, exact) => tracer.statement(sql.sql, () => snapshot.all(sql, exact)),
  };
}

/** SQLite has neither booleans nor dates. */
function bound(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Date ? value.getTime() : value;
}
