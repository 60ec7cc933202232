import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { checksumOf, type Migration } from './migrations.ts';

/** Prisma's own table, so that its tools work with the database. */
export const HISTORY_TABLE = '_prisma_migrations';

export const CREATE_HISTORY = `
  CREATE TABLE IF NOT EXISTS "${HISTORY_TABLE}" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
  )`;

/** Prisma stores times as milliseconds. */
const NOW_MS = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;

/** The migrations applied to a database. */
export interface MigrationHistory {
  /** By name, in order. */
  readonly finished: readonly string[];
  /** Begun by version 0.1.0, which applied migrations statement by statement; null if there is none. */
  readonly interrupted: string | null;
  /** The database contains tables, but no history: another program created it. */
  readonly isForeign: boolean;
}

export function readHistory(db: Database.Database): MigrationHistory {
  const tables = db.prepare(`SELECT "name" FROM sqlite_master WHERE "type" = 'table'`).pluck();
  const names = tables.all() as string[];
  if (!names.includes(HISTORY_TABLE)) {
    return { finished: [], interrupted: null, isForeign: names.length > 0 };
  }
  const rows = db
    .prepare(
      `SELECT "migration_name" AS "name", "finished_at" IS NOT NULL AS "isFinished"
       FROM "${HISTORY_TABLE}" WHERE "rolled_back_at" IS NULL ORDER BY "migration_name"`,
    )
    .all() as { name: string; isFinished: number }[];
  const finished = rows.filter(({ isFinished }) => isFinished).map(({ name }) => name);
  const begun = rows.find(({ name, isFinished }) => !isFinished && !finished.includes(name));
  return { finished, interrupted: begun?.name ?? null, isForeign: false };
}

/** Records a migration as applied, in the transaction that applied it. */
export function noteApplied(db: Database.Database, migration: Migration): void {
  db.exec(CREATE_HISTORY);
  const { name } = migration;
  db.prepare(
    `DELETE FROM "${HISTORY_TABLE}" WHERE "migration_name" = ?
     AND "finished_at" IS NULL AND "rolled_back_at" IS NULL`,
  ).run(name);
  db.prepare(
    `INSERT INTO "${HISTORY_TABLE}" ("id", "checksum", "migration_name", "started_at",
       "finished_at", "applied_steps_count") VALUES (?, ?, ?, ${NOW_MS}, ${NOW_MS}, 1)`,
  ).run(randomUUID(), checksumOf(migration), name);
}
