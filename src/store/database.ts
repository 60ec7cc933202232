import { AppError } from '../errors.ts';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { sqliteAdapter } from './adapter.ts';
import { copyBeforeMigration } from './before-migration.ts';
import { migrate } from './migrate.ts';
import { makePrivateDatabase } from './private-files.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/** Older ones can lose a commit when the WAL is reset while another process writes. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;

/** A poll of very many peers writes for a while; nothing but the disk slows it. */
const TRANSACTION_LIMITS = { maxWait: 30_000, timeout: 120_000 };

/**
 * Opens the database and brings it up to date. Rejects with an `AppError` that says what to mend
 * when the file cannot be written.
 */
export function openDatabase(databaseUrl: string): Promise<Database> {
  return openingAt(databaseUrl, async (path) => {
    await makePrivateDatabase(path);
    await copyBeforeMigration(path);
    await migrate(sqliteAdapter(databaseUrl));
    const db = clientOf(databaseUrl);
    await refuseOldSqlite(db);
    return db;
  });
}

/** The client of a database as it is; `busyTimeoutMs` is how long it waits for another's lock. */
export function clientOf(databaseUrl: string, busyTimeoutMs?: number): Database {
  const adapter = sqliteAdapter(databaseUrl, busyTimeoutMs);
  return new PrismaClient({ adapter, transactionOptions: TRANSACTION_LIMITS });
}

/** What `open` answers; its failures as an `AppError` that says what to mend. */
export async function openingAt<T>(
  databaseUrl: string,
  open: (path: string) => Promise<T>,
): Promise<T> {
  const path = databaseUrl.replace(/^file:/, '');
  try {
    return await open(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'UNAVAILABLE',
      {
        en: `The database ${path} cannot be opened for writing; check WGQL_DATABASE_URL and the folder's permissions.`,
        zh: `无法以写入方式打开数据库 ${path}；请检查 WGQL_DATABASE_URL 和目录权限。`,
      },
      [],
      { cause: error },
    );
  }
}

async function refuseOldSqlite(db: Database): Promise<void> {
  const rows = await db.$queryRaw<{ version: string }[]>`SELECT sqlite_version() AS version`;
  const version = rows[0]?.version ?? '0';
  const parts = version.split('.').map(Number);
  const difference = MIN_SQLITE_VERSION.map((part, index) => (parts[index] ?? 0) - part).find(
    (part) => part !== 0,
  );
  if (difference === undefined || difference > 0) return;
  const minimum = MIN_SQLITE_VERSION.join('.');
  throw new AppError('UNAVAILABLE', {
    en: `SQLite ${version} can lose committed data; install better-sqlite3 with SQLite ${minimum} or newer.`,
    zh: `SQLite ${version} 可能丢失已提交的数据；请安装带有 SQLite ${minimum} 或更新版本的 better-sqlite3。`,
  });
}
