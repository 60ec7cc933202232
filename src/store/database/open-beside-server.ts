import { existsSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { databasePath } from '../../config/database-url.ts';
import { AppError } from '../../domain/errors.ts';
import { followOwnLinks } from '../files/private-files.ts';
import { refuseForeign } from '../migration/bring-up-to-date.ts';
import { type MigrationHistory, readHistory } from '../migration/history.ts';
import { readMigrations } from '../migration/migrations.ts';
import { type Database, openDatabase, openingAt, prismaClientOf } from './open.ts';

/** The time that a command waits for a server that writes a large poll; nothing waits for the command. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the database for a command that may run beside a server. An existing database is not updated, because
 * that would break a running server of another version. Rejects with an `AppError` if the database has
 * another version, cannot be opened, or does not exist and must not be created.
 */
export async function openBesideServer(
  databaseUrl: string,
  { mayMake }: { readonly mayMake: boolean },
): Promise<Database> {
  const path = databasePath(databaseUrl);
  if (!existsSync(path)) {
    if (mayMake) return openDatabase(databaseUrl);
    throw noDatabase(path);
  }
  return openingAt(databaseUrl, async () => {
    const history = historyAt(await followOwnLinks(path));
    const migrations = await readMigrations();
    refuseForeign(path, history, migrations);
    if (history.finished.length === 0) return openDatabase(databaseUrl);
    if (migrations.some(({ name }) => !history.finished.includes(name))) throw tooOld(path);
    return prismaClientOf(databaseUrl, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  });
}

function historyAt(path: string): MigrationHistory {
  const db = new SQLite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    return readHistory(db);
  } finally {
    db.close();
  }
}

export function noDatabase(path: string): AppError {
  return new AppError('NOT_FOUND', {
    en: `There is no database ${path}; check WGQL_DATABASE_URL and the current folder.`,
    zh: `没有数据库 ${path}；请检查 WGQL_DATABASE_URL 和当前目录。`,
  });
}

function tooOld(path: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `The database ${path} belongs to an older version of wgql; start this version of wgql once to update it, then run the command again.`,
    zh: `数据库 ${path} 属于旧版本的 wgql；请先启动一次此版本以完成升级，然后再运行此命令。`,
  });
}
