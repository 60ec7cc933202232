import { setImmediate } from 'node:timers/promises';
import type { DirectTransaction } from '../database/connection.ts';
import type { Database } from '../database/open.ts';
import { saturatedSum } from '../database/sql.ts';
import { addToLevel } from './book.ts';
import { closeQuarters } from './close-quarters.ts';
import { type KeptSince, keptSince, writeKeptSince } from './kept-since.ts';
import { type Level, quarterOf, type Zone } from './levels.ts';
import { ownersOfTraffic } from './owners.ts';

/** Moves the bytes of rows from the future to the current quarter hour, as estimated, one owner at a time. */
export async function settleTraffic(db: Database, zone: Zone, now: Date): Promise<void> {
  const current = quarterOf(now.getTime());
  await closeQuarters(db, zone, current);
  const since = await db.$direct((tx) => keepFromTomorrow(tx, zone.dayOf(current).end));
  for (const userId of await ownersOfTraffic(db)) {
    await db.$direct((tx) => settleOwner(tx, zone, { userId, current, since }));
    await setImmediate();
  }
}

/**
 * If the clock was ahead for long, what a level keeps may begin in the future. Then it begins with the next day: the
 * rest of the current one is in the coarser levels only.
 */
async function keepFromTomorrow(tx: DirectTransaction, tomorrow: number): Promise<KeptSince> {
  const { quarters, hours } = await keptSince(tx);
  const since = { quarters: Math.min(quarters, tomorrow), hours: Math.min(hours, tomorrow) };
  await writeKeptSince(tx, since);
  return since;
}

interface Owner {
  readonly userId: number;
  readonly current: number;
  readonly since: KeptSince;
}

/**
 * Each level for itself: a future byte in a row that contains the current quarter hour, as that of the current day,
 * stays there.
 */
async function settleOwner(
  tx: DirectTransaction,
  zone: Zone,
  { userId, current, since }: Owner,
): Promise<void> {
  const levels = [
    { level: 'TrafficQuarter', span: { start: current, end: current + 1 }, first: since.quarters },
    { level: 'TrafficHour', span: zone.hourOf(current), first: since.hours },
    { level: 'TrafficDay', span: zone.dayOf(current), first: 0 },
  ] as const;
  let hasMoved = false;
  for (const { level, span, first } of levels) {
    const { rows, ...bytes } = await takeFuture(tx, level, { userId, current });
    hasMoved ||= rows > 0n;
    if (!hasMoved || first > current) continue;
    await addToLevel(tx, level, [{ userId, ...span, ...bytes, estimated: true }]);
  }
}

/** Deletes the future rows of a level, and returns their sums. */
async function takeFuture(
  tx: DirectTransaction,
  level: Level,
  { userId, current }: Pick<Owner, 'userId' | 'current'>,
): Promise<{ readonly rows: bigint; readonly rx: bigint; readonly tx: bigint }> {
  const isFuture = `"userId" = ? AND "start" > ?`;
  const sum = (column: string) => `COALESCE(${saturatedSum(`"${column}"`)}, 0) AS "${column}"`;
  const [row] = await tx.$queryRawUnsafe<[{ rows: bigint; rx: bigint; tx: bigint }]>(
    `SELECT COUNT(*) AS "rows", ${sum('rx')}, ${sum('tx')} FROM "${level}" WHERE ${isFuture}`,
    userId,
    current,
  );
  if (row.rows > 0n) {
    await tx.$executeRawUnsafe(`DELETE FROM "${level}" WHERE ${isFuture}`, userId, current);
  }
  return row;
}
