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
import type { Connection } from './connection.ts';

export type Database = PrismaClient & {
  /** Runs a write transaction on the connection itself, for raw statements. */
  $direct: Connection['transaction'];
  /** Reads on the connection itself. */
  $read: Connection['read'];
};
export type Transaction = Prisma.TransactionClient;

/** The poll of a very large number of peers writes for some time, limited only by the disk. */
const TRANSACTION_LIMITS = { maxWait: 30_000, timeout: 120_000 };

/**
 * Opens the database and updates its schema. Rejects with an `AppError` that says what to do if that fails.
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

/**
 * Returns the client of a database without updating it. If its files have a problem, each operation reports
 * it.
 */
export function prismaClientOf(databaseUrl: string, options: ClientOptions = {}): Database {
  let connection: Connection | undefined;
  const adapter = sqliteAdapter(`file:${databasePath(databaseUrl)}`, {
    ...options,
    onConnect: (connected) => {
      connection = connected;
      options.onConnect?.(connected);
    },
  });
  const client = new PrismaClient({ adapter, transactionOptions: TRANSACTION_LIMITS });
  const explain = (error: unknown): unknown => {
    options.beforeWrite?.();
    if (!isDamage(error)) return error;
    const damage = damaged(error);
    options.onDamage?.(damage);
    return damage;
  };
  const onConnection = async <T>(work: (connected: Connection) => Promise<T>): Promise<T> => {
    await client.$connect();
    try {
      return await work(connection as Connection);
    } catch (error) {
      throw explain(error);
    }
  };
  const $direct: Database['$direct'] = (work) => onConnection((on) => on.transaction(work));
  const $read: Database['$read'] = (...query) => onConnection((on) => on.read(...query));
  const explained = client.$extends({
    client: { $direct, $read },
    query: {
      $allOperations: ({ args, query }) =>
        query(args).catch((error: unknown) => {
          throw explain(error);
        }),
    },
  });
  // The same client with the same operations; only its errors are translated.
  return explained as unknown as Database;
}

/** Returns the result of `open`; translates its failures to an `AppError` that says what to do. */
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
