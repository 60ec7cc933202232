import { existsSync, rmSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { databasePath } from '../../config/database-url.ts';
import { AppError } from '../../domain/errors.ts';
import { openingAt } from '../database/open.ts';
import { noDatabase } from '../database/open-beside-server.ts';
import { lockForServer } from '../database/server-lock.ts';
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
      // Opening it moves the commits of a server that was killed from the log into the database.
      if (isKept) await copyDatabase(lock.path, kept);
      await copyDatabase(file, lock.path, { replace: true });
      for (const suffix of ['-wal', '-shm']) rmSync(`${lock.path}${suffix}`, { force: true });
      return isKept;
    } finally {
      lock.release();
    }
  });
}

async function refuseUnusable(file: string): Promise<void> {
  const db = new SQLite(file, { readonly: true, fileMustExist: true });
  try {
    refuseForeign(file, readHistory(db), await readMigrations());
    if (db.pragma('quick_check', { simple: true }) !== 'ok') throw damagedBackup(file);
  } finally {
    db.close();
  }
}

function damagedBackup(file: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `The backup ${file} is damaged, so nothing was changed; use another one.`,
    zh: `备份 ${file} 已损坏，因此未做任何更改；请使用其他备份。`,
  });
}
