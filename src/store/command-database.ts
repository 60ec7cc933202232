import { existsSync } from 'node:fs';
import { AppError } from '../errors.ts';
import { clientOf, type Database, openDatabase, openingAt } from './database.ts';
import { migrationNames } from './migrate.ts';

/** A command waits for a server that writes a large poll; nobody else waits for the command. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * The database for a command that may run beside a server: one that exists is taken as it is, since
 * bringing it up to date under a server of another version would break that. Rejects with an
 * `AppError` when it is of another version, cannot be opened, or is missing and may not be made.
 */
export async function openBesideServer(
  databaseUrl: string,
  { mayMake }: { readonly mayMake: boolean },
): Promise<Database> {
  const path = databaseUrl.replace(/^file:/, '');
  if (!existsSync(path)) {
    if (mayMake) return openDatabase(databaseUrl);
    throw noDatabase(path);
  }
  return openingAt(databaseUrl, async () => {
    const db = clientOf(databaseUrl, BUSY_TIMEOUT_MS);
    try {
      const applied = await appliedMigrations(db);
      if (applied === null) {
        await db.$disconnect();
        return openDatabase(databaseUrl);
      }
      const known = await migrationNames();
      if (applied.some((name) => !known.includes(name))) throw tooNew(path);
      if (known.some((name) => !applied.includes(name))) throw tooOld(path);
      return db;
    } catch (error) {
      await db.$disconnect();
      throw error;
    }
  });
}

/** null: the file holds nothing yet. */
async function appliedMigrations(db: Database): Promise<string[] | null> {
  const tables = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM sqlite_master WHERE "name" = '_prisma_migrations'`;
  if (tables.length === 0) return null;
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT "migration_name" AS "name" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL`;
  return rows.map(({ name }) => name);
}

export function noDatabase(path: string): AppError {
  return new AppError('NOT_FOUND', {
    en: `There is no database ${path}; check WGQL_DATABASE_URL and the folder you are in.`,
    zh: `没有数据库 ${path}；请检查 WGQL_DATABASE_URL 和当前目录。`,
  });
}

function tooNew(path: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `The database ${path} belongs to a newer version of wgql; run this command with that version.`,
    zh: `数据库 ${path} 属于更新版本的 wgql；请用该版本运行此命令。`,
  });
}

function tooOld(path: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `The database ${path} belongs to an older version of wgql; start this version once, which brings it up to date, then run the command again.`,
    zh: `数据库 ${path} 属于旧版本的 wgql；请先启动一次此版本以完成升级，然后再运行此命令。`,
  });
}
