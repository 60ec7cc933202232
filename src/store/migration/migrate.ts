import Database from 'better-sqlite3';
import { noteApplied, readHistory } from './history.ts';
import { remainingStatements } from './interrupted.ts';
import type { Migration } from './migrations.ts';

/** A command may be writing to the database. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Foreign keys are off while tables are rebuilt; otherwise dropping a table would delete the rows that refer
 * to it. SQLite accepts this setting only outside a transaction.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = OFF;
`;

/** A migration that failed. The database is as it was before the first of them. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    readonly migration: string,
    options: ErrorOptions,
  ) {
    super(`The migration ${migration} failed.`, options);
  }
}

/**
 * Applies the missing migrations in order, and returns their names. All of them are one transaction, together
 * with their rows in the history: an update is applied completely or not at all, however it is interrupted.
 * Rejects with a `MigrationError`.
 */
export function migrate(path: string, migrations: readonly Migration[]): string[] {
  const db = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    db.exec(PRAGMAS);
    if (missingIn(db, migrations).length === 0) return [];
    // Read again under the write lock: another process may have migrated meanwhile.
    return db
      .transaction(() => missingIn(db, migrations).map((each) => apply(db, migrations, each)))
      .immediate();
  } finally {
    db.close();
  }
}

function missingIn(db: Database.Database, migrations: readonly Migration[]): Migration[] {
  const { finished } = readHistory(db);
  return migrations.filter(({ name }) => !finished.includes(name));
}

function apply(
  db: Database.Database,
  migrations: readonly Migration[],
  migration: Migration,
): string {
  const { name } = migration;
  try {
    for (const statement of statementsFor(db, migrations, migration)) db.exec(statement);
    noteApplied(db, migration);
  } catch (cause) {
    throw new MigrationError(name, { cause });
  }
  return name;
}

function statementsFor(
  db: Database.Database,
  migrations: readonly Migration[],
  migration: Migration,
): string[] {
  if (readHistory(db).interrupted !== migration.name) return [migration.sql];
  const earlier = migrations.slice(0, migrations.indexOf(migration));
  const remaining = remainingStatements(db, earlier, migration);
  if (remaining === null) throw new Error('The schema is in no state of this migration.');
  return remaining;
}
