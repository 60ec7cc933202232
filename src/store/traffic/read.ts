import { setImmediate } from 'node:timers/promises';
import type { ByteCount } from '../../domain/bytes.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Snapshot, Snapshots } from '../database/snapshots.ts';
import { isOneOf, joinSum, wideSum } from '../database/sql.ts';
import { KEPT_SINCE_SQL, type KeptSince } from './kept-since.ts';
import {
  ALL_USERS,
  type Level,
  QUARTERS_AN_HOUR,
  QUARTERS_OF_TWO_DAYS,
  quarterFrom,
  quarterOf,
  startMsOf,
  type Zone,
} from './levels.ts';

/** Bytes between two instants, in milliseconds since 1970. */
export interface TrafficRow {
  readonly startMs: number;
  readonly endMs: number;
  readonly rx: bigint;
  readonly tx: bigint;
  readonly estimated: boolean;
  /** Finer rows contain a part of it, and only the rest is missing there. It fits into no series. */
  readonly isShared: boolean;
}

export interface TrafficRange {
  readonly from: Date;
  readonly to: Date;
  /** The users whose bytes are read, together; null: all users. */
  readonly userIds: readonly number[] | null;
  /** The coarsest rows that may be read: of the days and hours of the configured zone, or of quarter hours. */
  readonly coarsest: 'QUARTER_HOUR' | 'HOUR' | 'DAY';
}

/** Rows read between two turns of the event loop: 1 to 3 ms of work. */
const ROWS_A_TURN = 1_000;
/** The days of a month of so many users take 5 to 10 ms to sum. */
const USERS_A_TURN = 1_000;

export function trafficStore(snapshots: Snapshots, zone: Zone) {
  return {
    /**
     * Reads the rows that overlap a range, a part at a time, as of one instant. Where rows as fine as wanted are no
     * longer kept, coarser ones are read.
     */
    rows: async function* ({
      from,
      to,
      userIds,
      coarsest,
    }: TrafficRange): AsyncGenerator<TrafficRow[], void, void> {
      const range = { from: quarterOf(from.getTime()), to: quarterFrom(to.getTime()) };
      const snapshot = snapshots.open();
      try {
        for (const section of sectionsOf(range, coarsest, keptSinceIn(snapshot))) {
          yield* readSection(snapshot, zone, section, userIds ?? [ALL_USERS]);
        }
        if (userIds !== null) yield openQuarters(snapshot, range, userIds);
      } finally {
        snapshot.close();
      }
    },

    /** The bytes of each of these users since the start of a day; users without any are omitted. */
    sumsOfUsers: (userIds: readonly number[], from: Date): Promise<Map<number, ByteCount>> =>
      snapshots.read(async (snapshot) => {
        const sums = new Map<number, ByteCount>();
        for (let at = 0; at < userIds.length; at += USERS_A_TURN) {
          if (at > 0) await setImmediate();
          const some = userIds.slice(at, at + USERS_A_TURN);
          for (const [id, bytes] of sumsSince(snapshot, some, quarterOf(from.getTime()))) {
            sums.set(id, bytes);
          }
        }
        return sums;
      }),
  };
}

function sumsSince(
  snapshot: Snapshot,
  userIds: readonly number[],
  start: number,
): [number, ByteCount][] {
  const ids = JSON.stringify(userIds);
  const rows = snapshot.all(
    Prisma.sql`
      SELECT "userId", ${Prisma.raw(`${wideSum('"rx"', 'rx')}, ${wideSum('"tx"', 'tx')}`)}
      FROM (
        SELECT "userId", "rx", "tx" FROM "TrafficDay"
        WHERE "userId" IN (SELECT value FROM json_each(${ids})) AND "start" >= ${start}
        UNION ALL
        SELECT "id", "quarterRx", "quarterTx" FROM "User"
        WHERE "id" IN (SELECT value FROM json_each(${ids})) AND "quarter" >= ${start})
      GROUP BY "userId"`,
    true,
  ) as [bigint, bigint, bigint, bigint, bigint][];
  return rows.map(([userId, rxHigh, rxLow, txHigh, txLow]) => [
    Number(userId),
    { rx: joinSum(rxHigh, rxLow), tx: joinSum(txHigh, txLow) },
  ]);
}

function keptSinceIn(snapshot: Snapshot): KeptSince {
  const [[quarters, hours] = []] = snapshot.all(Prisma.raw(KEPT_SINCE_SQL));
  return { quarters: Number(quarters), hours: Number(hours) };
}

/** A part of a range, to be read from one level. */
interface Section {
  readonly level: Level;
  readonly from: number;
  readonly to: number;
  /** A finer level follows. A row across its beginning was recorded in another zone. */
  readonly isFollowed: boolean;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function sectionsOf(
  { from, to }: Range,
  coarsest: TrafficRange['coarsest'],
  since: KeptSince,
): Section[] {
  const days = coarsest === 'DAY' ? to : Math.min(to, since.hours);
  const hours = coarsest === 'QUARTER_HOUR' ? Math.min(to, since.quarters) : to;
  const sections = [
    { level: 'TrafficDay', from, to: days, isFollowed: days < to },
    { level: 'TrafficHour', from: Math.max(from, days), to: hours, isFollowed: hours < to },
    { level: 'TrafficQuarter', from: Math.max(from, hours), to, isFollowed: false },
  ] as const;
  return sections.filter((section) => section.from < section.to);
}

async function* readSection(
  snapshot: Snapshot,
  zone: Zone,
  { level, from, to, isFollowed }: Section,
  userIds: readonly number[],
): AsyncGenerator<TrafficRow[], void, void> {
  const rows = snapshot.rows(rowsOf(level, { from, to }, userIds), true);
  let part: TrafficRow[] = [];
  let read = 0;
  for (const cells of rows as IterableIterator<readonly bigint[]>) {
    const [start = 0n, stored = 0n, rx = 0n, tx = 0n, estimated = 0n] = cells;
    const end = level === 'TrafficHour' ? zone.storedHour(Number(start)).end : Number(stored);
    if (end > from) {
      const isShared = isFollowed && end > to;
      part.push(trafficRow(Number(start), end, { rx, tx, estimated: estimated === 1n, isShared }));
    }
    if (++read % ROWS_A_TURN !== 0) continue;
    yield part;
    part = [];
    await setImmediate();
  }
  yield part;
}

/** The rows that may overlap a section; the ends of hours are not stored. */
function rowsOf(level: Level, { from, to }: Range, userIds: readonly number[]): Prisma.Sql {
  const isWanted = isOneOf('"userId"', userIds);
  switch (level) {
    case 'TrafficDay':
      return Prisma.sql`
        SELECT "start", "end", "rx", "tx", "estimated" FROM "TrafficDay"
        WHERE ${isWanted} AND "start" > ${from - QUARTERS_OF_TWO_DAYS}
          AND "start" < ${to} ORDER BY "start"`;
    case 'TrafficHour':
      return Prisma.sql`
        SELECT "start", 0, "rx", "tx", "estimated" FROM "TrafficHour"
        WHERE ${isWanted} AND "start" > ${from - QUARTERS_AN_HOUR}
          AND "start" < ${to} ORDER BY "start"`;
    case 'TrafficQuarter':
      return Prisma.sql`
        SELECT "start", "start" + 1, "rx", "tx", "estimated" FROM "TrafficQuarter"
        WHERE ${isWanted} AND "start" >= ${from} AND "start" < ${to} ORDER BY "start"`;
  }
}

/** The bytes of users that are not in the tables of traffic yet. */
function openQuarters(
  snapshot: Snapshot,
  { from, to }: Range,
  userIds: readonly number[],
): TrafficRow[] {
  const rows = snapshot.all(
    Prisma.sql`
      SELECT "quarter", "quarterRx", "quarterTx" FROM "User"
      WHERE ${isOneOf('"id"', userIds)} AND "quarter" >= ${from} AND "quarter" < ${to}
        AND ("quarterRx" > 0 OR "quarterTx" > 0)`,
    true,
  ) as [bigint, bigint, bigint][];
  return rows.map(([quarter, rx, tx]) =>
    trafficRow(Number(quarter), Number(quarter) + 1, { rx, tx, estimated: false, isShared: false }),
  );
}

function trafficRow(
  start: number,
  end: number,
  bytes: Omit<TrafficRow, 'startMs' | 'endMs'>,
): TrafficRow {
  return { startMs: startMsOf(start), endMs: startMsOf(end), ...bytes };
}
