import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type { Tracer } from '../../tracing/tracer.ts';
import { type CommitHooks, type Connection, connectionOf } from './connection.ts';
import { keepStatements } from './statement-cache.ts';
import { tracedConnection, tracedQueries } from './traced.ts';
import { type Turns, turns } from './turns.ts';

/**
 * How long a statement waits for a lock of another process. SQLite waits on the main thread, so a long wait
 * would block all clients.
 */
const BUSY_TIMEOUT_MS = 500;

/** Matches statements that write nothing. */
const READS = /^\s*(SELECT|PRAGMA)\b/i;

/** With FULL, booked bytes survive a power failure. The size limit truncates a WAL file that has grown large. */
const pragmas = (busyTimeoutMs: number) => `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = ${busyTimeoutMs};
  PRAGMA journal_size_limit = 67108864;
`;

export interface AdapterOptions extends CommitHooks {
  readonly busyTimeoutMs?: number | undefined;
  /** Called with each new connection. */
  readonly onConnect?: ((connection: Connection) => void) | undefined;
  /** null: traces are off. */
  readonly tracer?: Tracer | null;
}

/**
 * The SQLite adapter, with PRAGMAs set and with isolated transactions.
 *
 * The driver has a single connection, so a statement issued while a transaction is open would become part of
 * it: it would be rolled back with it and read uncommitted data. Such a statement waits here until the
 * transaction has ended.
 */
export function sqliteAdapter(
  databaseUrl: string,
  { busyTimeoutMs = BUSY_TIMEOUT_MS, onConnect, tracer = null, ...hooks }: AdapterOptions = {},
): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaBetterSqlite3(
    { url: databaseUrl, timeout: busyTimeoutMs },
    { timestampFormat: 'unixepoch-ms' },
  );
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: async () => takingScripts(await factory.connectToShadowDb()),
    connect: async () => {
      const adapter = await factory.connect();
      const kept = keepStatements(adapter);
      await adapter.executeScript(pragmas(busyTimeoutMs));
      const take = turns();
      const connection = connectionOf({ ...kept, turns: take, hooks, tracer });
      onConnect?.(tracer === null ? connection : tracedConnection(connection, tracer));
      return isolated(adapter, { take, hooks, tracer });
    },
  };
}

/** The schema engine sends a whole migration as one statement, which the driver refuses. */
function takingScripts(adapter: SqlDriverAdapter): SqlDriverAdapter {
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => adapter.queryRaw(query),
    executeRaw: async (query) => {
      if (query.args.length > 0) return adapter.executeRaw(query);
      await adapter.executeScript(query.sql);
      return 0;
    },
    executeScript: (script) => adapter.executeScript(script),
    startTransaction: (level) => adapter.startTransaction(level),
    dispose: () => adapter.dispose(),
  };
}

interface Isolation {
  readonly take: Turns;
  readonly hooks: CommitHooks;
  readonly tracer: Tracer | null;
}

function isolated(adapter: SqlDriverAdapter, { take, hooks, tracer }: Isolation): SqlDriverAdapter {
  const queries = tracer === null ? adapter : tracedQueries(adapter, tracer);
  /** Outside a transaction, each statement commits by itself. */
  const statement = <T>({ sql }: SqlQuery, work: () => Promise<T>): Promise<T> =>
    take.statement(async () => {
      if (READS.test(sql)) return work();
      hooks.beforeWrite?.();
      const result = await work();
      hooks.afterCommit?.();
      return result;
    });

  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: false },
    queryRaw: (query: SqlQuery): Promise<SqlResultSet> =>
      statement(query, () => queries.queryRaw(query)),
    executeRaw: (query: SqlQuery): Promise<number> =>
      statement(query, () => queries.executeRaw(query)),
    executeScript: (script: string) => take.statement(() => adapter.executeScript(script)),
    dispose: () => take.statement(() => adapter.dispose()),
    startTransaction: async (level): Promise<Transaction> => {
      const end = await take.transaction();
      try {
        const transaction = await adapter.startTransaction(level);
        await takeWriteLock(transaction);
        const queries = tracer === null ? transaction : tracedQueries(transaction, tracer);
        return endingWith(transaction, queries, end, hooks);
      } catch (error) {
        end();
        throw error;
      }
    },
  };
}

/**
 * Begins the transaction again with a write lock. A transaction of the driver requests it at its first write,
 * which SQLite rejects immediately if another process has committed since the transaction's first read.
 */
async function takeWriteLock(transaction: Transaction): Promise<void> {
  const run = (sql: string) => transaction.executeRaw({ sql, args: [], argTypes: [] });
  await run('ROLLBACK');
  try {
    await run('BEGIN IMMEDIATE');
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

/**
 * Wraps a transaction and calls `end` once it has ended. Prisma sends COMMIT or ROLLBACK as a statement and
 * then calls `commit` or `rollback`, also after a failed COMMIT.
 */
function endingWith(
  transaction: Transaction,
  queries: Pick<Transaction, 'queryRaw' | 'executeRaw'>,
  end: () => void,
  { beforeWrite, afterCommit }: CommitHooks,
): Transaction {
  const close = (how: 'commit' | 'rollback') => async () => {
    try {
      await transaction[how]();
    } finally {
      end();
    }
  };
  return {
    provider: transaction.provider,
    adapterName: transaction.adapterName,
    options: transaction.options,
    queryRaw: (query) => queries.queryRaw(query),
    executeRaw: async (query) => {
      if (query.sql === 'ROLLBACK') return rollBack(transaction);
      try {
        if (query.sql !== 'COMMIT') return await queries.executeRaw(query);
        beforeWrite?.();
        const result = await queries.executeRaw(query);
        afterCommit?.();
        return result;
      } catch (error) {
        // After a failed COMMIT the transaction is still open, and later statements would become part of it.
        if (query.sql === 'COMMIT') await rollBack(transaction);
        throw error;
      }
    },
    commit: close('commit'),
    rollback: close('rollback'),
  };
}

/**
 * Rolls back. If the disk is full or fails, SQLite has already rolled back; an error about that would hide
 * the original failure.
 */
async function rollBack(transaction: Transaction): Promise<number> {
  try {
    return await transaction.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] });
  } catch (error) {
    if (/no transaction is active/.test(messageOf(error))) return 0;
    throw error;
  }
}

function messageOf(error: unknown): string {
  const { message, cause } = error as { readonly message?: unknown; readonly cause?: unknown };
  const own = typeof message === 'string' ? message : '';
  return cause === undefined ? own : `${own} ${messageOf(cause)}`;
}
