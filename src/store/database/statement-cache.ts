import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Database, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';

/** The total length of the SQL texts whose statements are kept; the program sends about 100 different ones. */
const KEPT_CHARACTERS = 500_000;

/** The connection of an adapter, and its statements. */
export interface KeptStatements {
  readonly client: Database;
  statementOf(sql: string): Statement<unknown[]>;
}

/** What the adapter calls of a statement. */
interface BoundStatement {
  readonly reader: boolean;
  run(): unknown;
  columns(): unknown;
  raw(): { all(): unknown };
}

/**
 * Lets the adapter use a statement again when it sends the same SQL, instead of parsing and planning it anew.
 * The adapter binds its arguments for ever, so it gets a stand-in that passes them with each call.
 */
export function keepStatements(adapter: SqlDriverAdapter): KeptStatements {
  const { client } = adapter as SqlDriverAdapter & { readonly client: Database };
  const prepare = client.prepare.bind(client) as (sql: string) => Statement<unknown[]>;
  const kept = new LRUCache<string, Statement<unknown[]>>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_, sql) => sql.length,
  });
  const statementOf = (sql: string) => {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const statement = prepare(sql);
    kept.set(sql, statement);
    return statement;
  };
  const bound = (statement: Statement<unknown[]>, args: readonly unknown[]): BoundStatement => {
    let rows: unknown[] | undefined;
    const read = () => {
      rows ??= statement.raw().all(args);
      return rows;
    };
    return {
      reader: statement.reader,
      run: () => statement.run(args),
      columns: () => {
        // SQLite notices a changed schema only when it runs the statement.
        read();
        return statement.columns();
      },
      raw: () => ({ all: read }),
    };
  };
  const standIn = (sql: string) => {
    const statement = statementOf(sql);
    return { ...bound(statement, []), bind: (args: unknown[]) => bound(statement, args) };
  };
  Object.assign(client, { prepare: standIn });
  return { client, statementOf };
}
