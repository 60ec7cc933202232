import type { SqlQueryable } from '@prisma/driver-adapter-utils';
import type { Tracer } from '../../tracing/tracer.ts';
import type { Connection, DirectTransaction } from './connection.ts';

type Queries = Pick<SqlQueryable, 'queryRaw' | 'executeRaw'>;

/** The same statements, each as a span. */
export function tracedQueries(queries: Queries, tracer: Tracer): Queries {
  return {
    queryRaw: (query) => tracer.statement(query.sql, () => queries.queryRaw(query)),
    executeRaw: (query) => tracer.statement(query.sql, () => queries.executeRaw(query)),
  };
}

/** The same connection; each of its statements is a span. */
export function tracedConnection(connection: Connection, tracer: Tracer): Connection {
  const tracedTransaction = (tx: DirectTransaction): DirectTransaction => ({
    each: (sql, items, valuesOf) => tracer.statement(sql, () => tx.each(sql, items, valuesOf)),
    $executeRawUnsafe: (sql, ...values) =>
      tracer.statement(sql, () => tx.$executeRawUnsafe(sql, ...values)),
    $queryRawUnsafe: <T>(sql: string, ...values: unknown[]) =>
      tracer.statement(sql, () => tx.$queryRawUnsafe<T>(sql, ...values)),
  });
  return {
    client: connection.client,
    read: (sql, ...values) => tracer.statement(sql, () => connection.read(sql, ...values)),
    transaction: (work) => connection.transaction((tx) => work(tracedTransaction(tx))),
  };
}
