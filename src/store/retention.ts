import type { Calendar } from '../domain/time/calendar.ts';
import { inParts, PART_ROWS } from './database/in-parts.ts';
import type { Database } from './database/open.ts';
import { bulkRows, saturatedSum } from './database/sql.ts';
import { markDroppedEvents } from './meta.ts';

/** How many days of each kind of record are kept; 0 means for ever. */
export interface KeepDays {
  readonly quarterHours: number;
  readonly hours: number;
  readonly events: number;
  readonly sessions: number;
}

/** One step aggregates a single hour or day, so that no transaction is long. */
const MAX_STEPS = 20_000;

/** Aggregates old traffic and deletes records past their retention. Sums never change. */
export async function retain(
  db: Database,
  keep: KeepDays,
  calendar: Calendar,
  now: Date,
): Promise<void> {
  if (keep.quarterHours > 0) {
    const before = calendar.addDays(now, -keep.quarterHours);
    await rollUp(db, 'QUARTER_HOUR', 'HOUR', before, (at) => [
      calendar.startOfHour(at),
      calendar.endOfHour(at),
    ]);
  }
  if (keep.hours > 0) {
    const before = calendar.addDays(now, -keep.hours);
    await rollUp(db, 'HOUR', 'DAY', before, (at) => [
      calendar.startOfDay(at),
      calendar.addDays(at, 1),
    ]);
  }
  if (keep.events > 0) {
    await dropEvents(db, calendar.addDays(now, -keep.events));
  }
  if (keep.sessions > 0) {
    await dropSessions(db, calendar.addDays(now, -keep.sessions));
  }
}

/**
 * By time, because retention is defined by time; after a wrong clock, older ids may remain, so the log stores
 * separately up to which event some are missing.
 */
async function dropEvents(db: Database, before: Date): Promise<void> {
  await inParts(() =>
    db.$transaction(async (tx) => {
      const rows = await tx.event.findMany({
        where: { at: { lt: before } },
        orderBy: { at: 'asc' },
        select: { id: true },
        take: PART_ROWS,
      });
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      await markDroppedEvents(tx, Math.max(...ids));
      return (await tx.event.deleteMany({ where: { id: { in: ids } } })).count;
    }),
  );
}

/** The latest session of each user is kept, because it shows when the user was last seen. */
async function dropSessions(db: Database, before: Date): Promise<void> {
  await inParts(async () => {
    const rows = await db.session.findMany({
      where: { endedAt: { lt: before }, latestOf: null },
      select: { id: true },
      take: PART_ROWS,
    });
    const ids = rows.map(({ id }) => id);
    return (await db.session.deleteMany({ where: { id: { in: ids } } })).count;
  });
}

type Span = readonly [start: Date, end: Date];

/** Oldest first: merges the rows of `fine` that are in one `spanOf` into one row of `coarse`. */
async function rollUp(
  db: Database,
  fine: string,
  coarse: string,
  before: Date,
  spanOf: (at: Date) => Span,
): Promise<void> {
  for (const table of ['Traffic', 'TrafficTotal'] as const) {
    let from = new Date(0);
    for (let step = 0; step < MAX_STEPS; step++) {
      const oldest = await oldestStart(db, table, fine, from);
      if (oldest === null) break;
      const span = spanOf(oldest);
      if (span[1] > before || span[1] <= oldest) break;
      await mergeSpan(db, table, fine, coarse, span);
      from = span[1];
    }
  }
}

async function oldestStart(
  db: Database,
  table: 'Traffic' | 'TrafficTotal',
  bucket: string,
  from: Date,
): Promise<Date | null> {
  const query = {
    where: { bucket, start: { gte: from } },
    orderBy: { start: 'asc' },
    select: { start: true },
  } as const;
  const row =
    table === 'Traffic'
      ? await db.traffic.findFirst(query)
      : await db.trafficTotal.findFirst(query);
  return row?.start ?? null;
}

/**
 * A row that extends beyond the span (stored under another time zone) is left unchanged. If a row of the
 * coarse kind exists already, from bytes booked late, the new bytes are added to it.
 */
async function mergeSpan(
  db: Database,
  table: 'Traffic' | 'TrafficTotal',
  fine: string,
  coarse: string,
  [start, end]: Span,
): Promise<void> {
  const owner = table === 'Traffic' ? '"userId"' : '0';
  const group = table === 'Traffic' ? 'GROUP BY "userId"' : 'HAVING COUNT(*) > 0';
  const inSpan = `"bucket" IN (?, ?) AND "start" >= ? AND "end" <= ?`;
  const values = [fine, coarse, start.getTime(), end.getTime()];
  await db.$transaction(async (tx) => {
    const merged = await tx.$queryRawUnsafe<
      { owner: number; rx: string; tx: string; estimated: number }[]
    >(
      `SELECT ${owner} AS "owner", CAST(${saturatedSum('"rx"')} AS TEXT) AS "rx",
              CAST(${saturatedSum('"tx"')} AS TEXT) AS "tx", MAX("estimated") AS "estimated"
       FROM "${table}" WHERE ${inSpan} ${group}`,
      ...values,
    );
    await tx.$executeRawUnsafe(`DELETE FROM "${table}" WHERE ${inSpan}`, ...values);
    const row = `?, ?, ?, CAST(value->>1 AS INTEGER), CAST(value->>2 AS INTEGER), value->>3`;
    await tx.$executeRawUnsafe(
      table === 'Traffic'
        ? `INSERT INTO "Traffic" ("bucket", "start", "end", "rx", "tx", "estimated", "userId")
           SELECT ${row}, value->>0 FROM json_each(?)`
        : `INSERT INTO "TrafficTotal" ("bucket", "start", "end", "rx", "tx", "estimated")
           SELECT ${row} FROM json_each(?)`,
      coarse,
      start.getTime(),
      end.getTime(),
      bulkRows(merged.map((one) => [Number(one.owner), one.rx, one.tx, Number(one.estimated)])),
    );
  });
}
