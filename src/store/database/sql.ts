import { setImmediate } from 'node:timers/promises';
import { MAX_BYTES } from '../../domain/bytes.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { RawTransaction } from './connection.ts';

const MANY_ROWS = 500;

/** A value of a bulk row; byte counts are passed as text, because JSON numbers are doubles elsewhere. */
export type Cell = string | number | bigint | boolean | null;

/**
 * Runs one statement over many rows: `json_each(?)` yields one row's array as `value`. One statement per row
 * would block the process for seconds at 10 000 rows.
 */
export async function runBulk(
  tx: RawTransaction,
  sql: string,
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRawUnsafe(sql, bulkRows(rows));
  // The driver is synchronous: without a pause a large poll would block all clients until its end.
  if (rows.length >= MANY_ROWS) await setImmediate();
}

export function bulkRows(rows: readonly (readonly Cell[])[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** The condition that a column has one of these values. A single parameter, however many there are. */
export function isOneOf(column: string, values: readonly (string | number)[]): Prisma.Sql {
  const name = Prisma.raw(column);
  // With one value, rows that an index has in order need not be sorted.
  if (values.length === 1) return Prisma.sql`${name} = ${values[0]}`;
  return Prisma.sql`${name} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** The sum of two byte counts, limited to the largest storable one; SQLite would convert it to REAL. */
export function saturatingAdd(left: string, right: string): string {
  return `CASE WHEN ${left} > ${MAX_BYTES} - ${right} THEN ${MAX_BYTES} ELSE ${left} + ${right} END`;
}

/** A sum with a value, limited to the largest storable one: SQLite's sum is then REAL, which is larger. */
export function cappedAdd(column: string): string {
  return `MIN(${column} + ?, ${MAX_BYTES})`;
}

/** Two columns, `NAMEHigh` and `NAMELow`, whose exact sum is that of the expression over all rows. */
export function wideSum(expression: string, name: string): string {
  return `COALESCE(SUM((${expression}) >> 32), 0) AS "${name}High", COALESCE(SUM((${expression}) & 4294967295), 0) AS "${name}Low"`;
}

/** The sum that `wideSum` split, at most the largest storable one. */
export function joinSum(high: bigint | number, low: bigint | number): bigint {
  const sum = (BigInt(high) << 32n) + BigInt(low);
  return sum > MAX_BYTES ? MAX_BYTES : sum;
}

/** A sum over rows, limited to the largest storable one, where SQLite's SUM would fail. */
export function saturatedSum(column: string): string {
  const high = `(SUM(${column} >> 32) + (SUM(${column} & 4294967295) >> 32))`;
  const low = `(SUM(${column} & 4294967295) & 4294967295)`;
  return `CASE WHEN ${high} > 2147483647 THEN ${MAX_BYTES} ELSE (${high} << 32) | ${low} END`;
}
