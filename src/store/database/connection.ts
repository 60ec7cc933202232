import { setImmediate } from 'node:timers/promises';
import type { Database, Statement } from 'better-sqlite3';
import type { Tracer } from '../../tracing/tracer.ts';
import type { Turns } from './turns.ts';

type Cell = string | number | null;

/** What raw statements need of a transaction: one of Prisma, or one on the connection itself. */
export interface RawTransaction {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
  $queryRawUnsafe<T>(sql: string, ...values: unknown[]): Promise<T>;
}

/** A transaction on the connection itself. */
export interface DirectTransaction extends RawTransaction {
  /**
   * Runs a statement with the values of each item, with a turn of the event loop between parts. The values are
   * computed one by one, so that those of all items are never in memory.
   */
  each<T>(sql: string, items: Iterable<T>, valuesOf: (item: T) => Value[]): Promise<void>;
}

type Value = string | number | bigint | boolean | null;

/** Rows written between two turns of the event loop: 2 to 3 ms of work. */
const ROWS_A_PART = 500;

/** The only connection of the server to its database. */
export interface Connection {
  readonly client: Database;
  /** Reads rows, each as a list of cells. Integers are numbers, so larger ones must be cast to text. */
  read(sql: string, ...values: Value[]): Promise<readonly (readonly Cell[])[]>;
  /** Runs a write transaction without Prisma, whose engine takes longer than most statements. */
  transaction<T>(work: (tx: DirectTransaction) => Promise<T>): Promise<T>;
}

/** What is called around each commit. */
export interface CommitHooks {
  /** Throws if data written now would be lost. Called before each commit. */
  readonly beforeWrite?: (() => void) | undefined;
  /** Called after each commit. */
  readonly afterCommit?: (() => void) | undefined;
}

export interface ConnectionParts {
  readonly client: Database;
  /** The prepared statement of an SQL text. */
  readonly statementOf: (sql: string) => Statement<unknown[]>;
  readonly turns: Turns;
  readonly hooks: CommitHooks;
  readonly tracer: Tracer | null;
}

export function connectionOf({
  client,
  statementOf,
  turns,
  hooks,
  tracer,
}: ConnectionParts): Connection {
  const tx: DirectTransaction = {
    each: async (sql, items, valuesOf) => {
      const statement = statementOf(sql);
      let rows = 0;
      for (const item of items) {
        const values: unknown[] = valuesOf(item);
        for (let index = 0; index < values.length; index++) values[index] = bound(values[index]);
        statement.run(values);
        if (++rows % ROWS_A_PART === 0) await setImmediate();
      }
    },
    $executeRawUnsafe: async (sql, ...values) => statementOf(sql).run(values.map(bound)).changes,
    $queryRawUnsafe: async <T>(sql: string, ...values: unknown[]) =>
      statementOf(sql).raw(false).all(values.map(bound)) as T,
  };
  return {
    client,
    read: (sql, ...values) =>
      turns.statement(async () => {
        const statement = statementOf(sql).raw().safeIntegers(false);
        try {
          return statement.all(values.map(bound)) as Cell[][];
        } finally {
          statement.safeIntegers(true);
        }
      }),
    transaction: async (work) => {
      const end = await turns.transaction();
      try {
        statementOf('BEGIN IMMEDIATE').run();
        const result = await work(tx);
        hooks.beforeWrite?.();
        if (tracer === null) statementOf('COMMIT').run();
        else tracer.statement('COMMIT', () => statementOf('COMMIT').run());
        hooks.afterCommit?.();
        return result;
      } finally {
        // SQLite has rolled back already if the disk is full or fails.
        if (client.inTransaction) statementOf('ROLLBACK').run();
        end();
      }
    },
  };
}

/** SQLite has neither booleans nor dates. */
function bound(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Date ? value.getTime() : value;
}
