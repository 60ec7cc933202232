import type { DirectTransaction } from '../database/connection.ts';
import { addToLevel, joined, type SpanBytes } from './book.ts';
import {
  type Level,
  QUARTERS_AN_HOUR,
  QUARTERS_OF_TWO_DAYS,
  type Span,
  type Zone,
} from './levels.ts';

type StoredRow = { start: bigint; rx: bigint; tx: bigint; estimated: bigint };

/** Builds the hours of an owner again from quarter hours, from an instant that is within no row of hours. */
export function rebuildHours(
  tx: DirectTransaction,
  zone: Zone,
  userId: number,
  cut: number,
): Promise<void> {
  return rebuild(tx, userId, cut, {
    fine: 'TrafficQuarter',
    coarse: 'TrafficHour',
    storedSpan: (start) => ({ start, end: start + 1 }),
    spanOf: zone.hourOf,
  });
}

/** Builds the days of an owner again from hours, from an instant that is within no row of hours or days. */
export function rebuildDays(
  tx: DirectTransaction,
  zone: Zone,
  userId: number,
  cut: number,
): Promise<void> {
  return rebuild(tx, userId, cut, {
    fine: 'TrafficHour',
    coarse: 'TrafficDay',
    storedSpan: zone.storedHour,
    spanOf: zone.dayOf,
  });
}

interface Levels {
  readonly fine: Level;
  readonly coarse: Level;
  storedSpan(start: number): Span;
  spanOf(quarter: number): Span;
}

async function rebuild(
  tx: DirectTransaction,
  userId: number,
  cut: number,
  { fine, coarse, storedSpan, spanOf }: Levels,
): Promise<void> {
  const rows = await tx.$queryRawUnsafe<StoredRow[]>(
    `SELECT "start", "rx", "tx", "estimated" FROM "${fine}"
     WHERE "userId" = ? AND "start" >= ? ORDER BY "start"`,
    userId,
    cut,
  );
  const bytes = rows.map(
    (row): SpanBytes => ({
      userId,
      ...storedSpan(Number(row.start)),
      rx: row.rx,
      tx: row.tx,
      estimated: row.estimated !== 0n,
    }),
  );
  await tx.$executeRawUnsafe(
    `DELETE FROM "${coarse}" WHERE "userId" = ? AND "start" >= ?`,
    userId,
    cut,
  );
  await addToLevel(tx, coarse, joined(bytes, spanOf));
}

const GIVEN = `WITH "given"("owner", "cut") AS (VALUES (?, ?))`;

const HOURS_ACROSS = `
  SELECT "start" + ${QUARTERS_AN_HOUR} AS "end" FROM "given", "TrafficHour"
  WHERE "userId" = "owner" AND "start" > "cut" - ${QUARTERS_AN_HOUR} AND "start" < "cut"`;

const ROWS_ACROSS = `
  ${HOURS_ACROSS}
  UNION ALL
  SELECT "end" FROM "given", "TrafficDay"
  WHERE "userId" = "owner" AND "start" > "cut" - ${QUARTERS_OF_TWO_DAYS} AND "start" < "cut"
    AND "end" > "cut"`;

/** The first instant from `from` on that is within no row of hours. */
export function cutOfHours(tx: DirectTransaction, userId: number, from: number): Promise<number> {
  return cutOf(tx, userId, from, HOURS_ACROSS);
}

/** The first instant from `from` on that is within no row of hours or days. */
export function cutOfDays(tx: DirectTransaction, userId: number, from: number): Promise<number> {
  return cutOf(tx, userId, from, ROWS_ACROSS);
}

/** Rows that were recorded in different zones overlap, so that each step may find another row across. */
async function cutOf(
  tx: DirectTransaction,
  userId: number,
  from: number,
  rowsAcross: string,
): Promise<number> {
  let cut = from;
  for (;;) {
    const [row] = await tx.$queryRawUnsafe<[{ end: bigint | null }]>(
      `${GIVEN} SELECT MAX("end") AS "end" FROM (${rowsAcross})`,
      userId,
      cut,
    );
    if (row.end === null) return cut;
    cut = Number(row.end);
  }
}
