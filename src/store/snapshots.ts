import Database from 'better-sqlite3';
import type { Prisma } from '../generated/prisma/client.ts';
import type { DatabaseFiles } from './database-files.ts';

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
export function snapshotsOf(path: string, files: Pick<DatabaseFiles, 'requireInPlace'>): Snapshots {
  const snapshots = new Set<Snapshot>();
  return {
    open: () => {
      files.requireInPlace();
      const snapshot = openSnapshot(path, () => snapshots.delete(snapshot));
      snapshots.add(snapshot);
      return snapshot;
    },
    close: () => {
      for (const snapshot of snapshots) snapshot.close();
    },
  };
}

function openSnapshot(path: string, onClosed: () => void): Snapshot {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  const reading = new Set<IterableIterator<unknown>>();
  db.exec('BEGIN');
  return {
    count: ({ sql, values }) => Number(db.prepare(sql).pluck().get(values.map(bound))),
    rows: ({ sql, values }) => {
      const rows = db.prepare(sql).raw().iterate(values.map(bound)) as IterableIterator<Value[]>;
      reading.add(rows);
      return rows;
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
