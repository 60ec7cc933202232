import { databasePath } from '../../config/database-url.ts';
import { AppError } from '../../domain/errors.ts';
import { type Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { isDamage } from '../failures/error-code.ts';
import { openFailure } from '../failures/open-failure.ts';
import { damaged } from '../files/database-files.ts';
import { makePrivateDatabase } from '../files/private-database.ts';
import { bringUpToDate } from '../migration/bring-up-to-date.ts';
import { readMigrations } from '../migration/migrations.ts';
import { type AdapterOptions, sqliteAdapter } from './adapter.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/** A poll of very many peers writes for a while; nothing but the disk slows it. */
const TRANSACTION_LIMITS = { maxWait: 30_000, timeout: 120_000 };

/**
 * Opens the database and brings it up to date. Rejects with an `AppError` that says what to do when
 * that cannot be done.
 */
export function openDatabase(databaseUrl: string, options?: ClientOptions): Promise<Database> {
  return openingAt(databaseUrl, async (path) => {
    await makePrivateDatabase(path);
    await bringUpToDate(path, await readMigrations());
    return prismaClientOf(databaseUrl, options);
  });
}

export interface ClientOptions extends AdapterOptions {
  /** Called when a statement finds the database damaged. */
  readonly onDamage?: (damage: AppError) => void;
}

/** The client of a database as it is. Where its files are at fault, each operation says so. */
export function prismaClientOf(databaseUrl: string, options: ClientOptions = {}): Database {
  const adapter = sqliteAdapter(`file:${databasePath(databaseUrl)}`, options);
  const client = new PrismaClient({ adapter, transactionOptions: TRANSACTION_LIMITS });
  const explain = (error: unknown): unknown => {
    options.beforeWrite?.();
    if (!isDamage(error)) return error;
    const damage = damaged(error);
    options.onDamage?.(damage);
    return damage;
  };
  const explained = client.$extends({
    query: {
      $allOperations: ({ args, query }) =>
        query(args).catch((error: unknown) => {
          throw explain(error);
        }),
    },
  });
  // The same client with the same operations; only its failures differ.
  return explained as unknown as Database;
}

/** What `open` answers; its failures as an `AppError` that says what to do. */
export async function openingAt<T>(
  databaseUrl: string,
  open: (path: string) => Promise<T>,
): Promise<T> {
  const path = databasePath(databaseUrl);
  try {
    return await open(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('UNAVAILABLE', openFailure(path, error), [], { cause: error });
  }
}
