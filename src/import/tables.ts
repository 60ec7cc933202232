import SQLite from 'better-sqlite3';
import { AppError } from '../domain/errors.ts';

/** A row with the columns that were asked for; those that the table does not have are null. */
export type Row<Column extends string> = Readonly<Record<Column, unknown>>;

/** The tables of a database of another tool. */
export interface Tables {
  readonly names: readonly string[];
  columnsOf(table: string): ReadonlySet<string>;
  /** Reads only these columns, so that secrets in the others stay in the file. */
  rowsOf<Column extends string>(
    table: string,
    columns: readonly Column[],
  ): IterableIterator<Row<Column>>;
}

/** The other tool may be writing. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a database for reading while `work` runs. Throws an `AppError` if the file is not a readable
 * database; the message of SQLite is not included because it may quote the content.
 */
export function withTables<T>(path: string, work: (tables: Tables) => T): T {
  const db = opened(path);
  try {
    // The file is not ours: what it declares must not call functions with side effects.
    db.pragma('trusted_schema = OFF');
    return work(tablesOf(db));
  } catch (error) {
    throw error instanceof SQLite.SqliteError ? notReadable() : error;
  } finally {
    db.close();
  }
}

function opened(path: string): SQLite.Database {
  try {
    return new SQLite(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  } catch {
    throw notReadable();
  }
}

function tablesOf(db: SQLite.Database): Tables {
  const names = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    .pluck()
    .all() as string[];
  const columnsOf = (table: string) =>
    new Set(db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]);
  return {
    names,
    columnsOf,
    rowsOf: <Column extends string>(table: string, columns: readonly Column[]) => {
      const known = columnsOf(table);
      const list = columns.map((column) =>
        known.has(column) ? quoted(column) : `NULL AS ${quoted(column)}`,
      );
      const statement = db.prepare(`SELECT ${list.join(', ')} FROM ${quoted(table)}`);
      return statement.iterate() as IterableIterator<Row<Column>>;
    },
  };
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function notReadable(): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: 'The file cannot be read as an SQLite database; copy it together with its -wal file while the other tool is stopped.',
    zh: '无法将该文件作为 SQLite 数据库读取；请在停止另一工具后将其与 -wal 文件一起复制。',
  });
}
