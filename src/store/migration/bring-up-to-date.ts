import SQLite from 'better-sqlite3';
import { AppError } from '../../domain/errors.ts';
import { refuseOldSqlite } from '../database/sqlite-version.ts';
import { errorCodeOf } from '../failures/error-code.ts';
import { copyBeforeMigration, newestCopyOf } from './backup-before.ts';
import { type MigrationHistory, readHistory } from './history.ts';
import { MigrationError, migrate } from './migrate.ts';
import type { Migration } from './migrations.ts';

/** Failures whose cause is not the migration itself: the disk, the permissions, a damaged file. */
const SURROUNDINGS = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM)/;

/**
 * Applies the missing migrations, after making a copy of the database. Rejects with an `AppError` if another
 * program or a newer version created it, or if a migration fails.
 */
export async function bringUpToDate(path: string, migrations: readonly Migration[]): Promise<void> {
  const history = inspect(path);
  refuseForeign(path, history, migrations);
  const last = history.finished.at(-1);
  const isComplete = migrations.every(({ name }) => history.finished.includes(name));
  // A migration that 0.1.0 left half applied was preceded by a copy already.
  if (last !== undefined && !isComplete && history.interrupted === null) {
    await copyBeforeMigration(path, last);
  }
  try {
    migrate(path, migrations);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    throw SURROUNDINGS.test(errorCodeOf(error) ?? '')
      ? error.cause
      : await migrationFailed(path, error);
  }
}

/** The history of the migrations; rejects if SQLite is too old to write. */
function inspect(path: string): MigrationHistory {
  const db = new SQLite(path, { fileMustExist: true });
  try {
    const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
    refuseOldSqlite(version);
    return readHistory(db);
  } finally {
    db.close();
  }
}

/** Rejects a database created by another program or by a newer version of wgql. */
export function refuseForeign(
  path: string,
  { finished, isForeign }: MigrationHistory,
  migrations: readonly Migration[],
): void {
  if (isForeign) throw notOurs(path);
  const known = migrations.map(({ name }) => name);
  if (finished.some((name) => !known.includes(name))) throw tooNew(path);
}

function notOurs(path: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `The database ${path} belongs to another program and is left unchanged; set WGQL_DATABASE_URL to another file.`,
    zh: `数据库 ${path} 属于其他程序，保持不变；请将 WGQL_DATABASE_URL 设为其他文件。`,
  });
}

function tooNew(path: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `The database ${path} belongs to a newer version of wgql and is left unchanged; use that version, or restore a backup that was made before the update.`,
    zh: `数据库 ${path} 属于更高版本的 wgql，保持不变；请使用该版本，或恢复升级之前的备份。`,
  });
}

async function migrationFailed(path: string, error: MigrationError): Promise<AppError> {
  const reason = error.cause instanceof Error ? error.cause.message : String(error.cause);
  const copy = await newestCopyOf(path).catch(() => null);
  const offer =
    copy === null
      ? { en: '', zh: '' }
      : {
          en: ` ${copy} is a copy from before an update; to go back, replace the database with it, delete the -wal and -shm files beside it, and start the previous version.`,
          zh: `${copy} 是升级前的副本；如需回退，请用它替换数据库，删除旁边的 -wal 和 -shm 文件，并启动之前的版本。`,
        };
  return new AppError(
    'UNAVAILABLE',
    {
      en: `The database ${path} could not be updated and is unchanged: the migration ${error.migration} failed (${reason}).${offer.en}`,
      zh: `数据库 ${path} 未能升级，保持不变：迁移 ${error.migration} 失败（${reason}）。${offer.zh}`,
    },
    [],
    { cause: error },
  );
}
