import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { copyDatabase } from './copy-database.ts';
import { migrationNames } from './migrate.ts';

/** What stands behind the name of a database in that of such a copy: the last migration it has. */
const COPY_ENDING = /^\.\d{4}_\w+\.backup$/;

/** Keeps a copy of a database that migrations are about to change; of older ones only the newest stays. */
export async function copyBeforeMigration(path: string): Promise<void> {
  const applied = appliedMigrations(path);
  const last = applied?.at(-1);
  if (applied === null || last === undefined) return;
  if ((await migrationNames()).every((name) => applied.includes(name))) return;
  const copy = `${path}.${last}.backup`;
  const unfinished = `${copy}.new`;
  await rm(unfinished, { force: true });
  await copyDatabase(path, unfinished);
  await rename(unfinished, copy);
  const [folder, base] = [dirname(path), basename(path)];
  for (const name of await readdir(folder)) {
    const isCopy = name.startsWith(base) && COPY_ENDING.test(name.slice(base.length));
    if (isCopy && name !== basename(copy)) await rm(join(folder, name));
  }
}

/** In order; null where there are none yet, or where one broke off: the migrations refuse that one. */
function appliedMigrations(path: string): string[] | null {
  const db = new Database(path, { fileMustExist: true });
  try {
    const table = db
      .prepare(`SELECT 1 FROM sqlite_master WHERE "name" = '_prisma_migrations'`)
      .get();
    if (table === undefined) return null;
    const rows = db
      .prepare(
        `SELECT "migration_name" AS "name", "finished_at" IS NOT NULL AS "isFinished"
         FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL ORDER BY "migration_name"`,
      )
      .all() as { name: string; isFinished: number }[];
    return rows.every(({ isFinished }) => isFinished) ? rows.map(({ name }) => name) : null;
  } finally {
    db.close();
  }
}
