import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { databasePath } from '../../config/database-url.ts';
import { AppError } from '../../domain/errors.ts';
import { openingAt } from '../database/open.ts';
import { noDatabase } from '../database/open-beside-server.ts';
import { lockForServer } from '../database/server-lock.ts';
import { errorCodeOf } from '../failures/error-code.ts';
import { refuseForeign } from '../migration/bring-up-to-date.ts';
import { readHistory } from '../migration/history.ts';
import { readMigrations } from '../migration/migrations.ts';
import { copyDatabase } from './copy-database.ts';

/**
 * Replaces the database by a copy of `file`, after keeping the present one as `kept`; returns whether there was one.
 * Rejects with an `AppError`, and changes nothing, if a server uses the database or the file is not one of wgql.
 */
export async function restore(databaseUrl: string, file: string, kept: string): Promise<boolean> {
  const path = databasePath(databaseUrl);
  await openingAt(`file:${file}`, async () => {
    if (!existsSync(file)) throw noDatabase(file);
    await refuseUnusable(file);
  });
  return openingAt(databaseUrl, async () => {
    const lock = await lockForServer(path);
    try {
      const isKept = statSync(lock.path).size > 0;
      if (isKept) await keep(lock.path, kept);
      await copyDatabase(file, lock.path, { replace: true });
      for (const suffix of ['-wal', '-shm']) rmSync(`${lock.path}${suffix}`, { force: true });
      return isKept;
    } finally {
      lock.release();
    }
  });
}

/**
 * Opening the database moves the commits of a server that was killed from the log into it. A damaged one, which may be
 * the reason to restore, is kept as it is.
 */
async function keep(path: string, kept: string): Promise<void> {
  try {
    await copyDatabase(path, kept);
  } catch (error) {
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(errorCodeOf(error) ?? '')) throw error;
    for (const suffix of ['', '-wal']) {
      if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${kept}${suffix}`);
    }
  }
}

async function refuseUnusable(file: string): Promise<void> {
  const db = new SQLite(file, { readonly: true, fileMustExist: true });
  try {
    const history = readHistory(db);
    refuseForeign(file, history, await readMigrations());
    // An empty file is a database for SQLite, and not a foreign one.
    if (history.finished.length === 0) throw damagedBackup(file);
    if (db.pragma('quick_check', { simple: true }) !== 'ok') throw damagedBackup(file);
  } finally {
    db.close();
  }
}

function damagedBackup(file: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `The backup ${file} is empty or damaged, so nothing was changed; use another one.`,
    zh: `备份 ${file} 为空或已损坏，因此未做任何更改；请使用其他备份。`,
  });
}
