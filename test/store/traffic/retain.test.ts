import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../src/domain/time/calendar.ts';
import type { Database } from '../../../src/store/database/open.ts';
import {
  ALL_USERS,
  LEVELS,
  type Level,
  type Zone,
  zoneOf,
} from '../../../src/store/traffic/levels.ts';
import { type KeepTrafficDays, retainTraffic } from '../../../src/store/traffic/retain.ts';
import { NOON_MS, seenDuring, temporaryDatabase, UTC } from '../../fixtures/test-store.ts';
import {
  bookQuarters,
  QUARTER_MS,
  rowsOf,
  sumsOf,
  sumsOfLevels,
} from '../../fixtures/traffic-rows.ts';

const DAY_MS = 86_400_000;
const KEEP: KeepTrafficDays = { quarterHours: 2, hours: 5 };
const KEEP_SHORT: KeepTrafficDays = { quarterHours: 1, hours: 2 };
const FOREVER: KeepTrafficDays = { quarterHours: 0, hours: 0 };

/** Owners, a row each quarter hour, each with its own odd number of bytes. */
async function fill(
  db: Database,
  zone: Zone,
  [fromMs, toMs]: readonly [number, number],
  owners: readonly number[] = [ALL_USERS, 1],
): Promise<void> {
  for (const userId of owners) {
    const factor = BigInt(userId + 1);
    const rows = [];
    for (let ms = fromMs, index = 0; ms < toMs; ms += QUARTER_MS, index++) {
      rows.push({
        userId,
        startMs: ms,
        rx: BigInt(index + 1) * factor,
        tx: 2n ** 53n + BigInt(index) * factor,
        estimated: index % 97 === 0,
      });
    }
    await bookQuarters(db, zone, rows);
  }
}

const TRANSITIONS = [
  ['UTC', '2026-03-29T01:00:00Z'],
  ['Asia/Shanghai', '2026-03-08T07:00:00Z'],
  ['Asia/Kolkata', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
] as const;

describe('booked traffic', () => {
  it.each(TRANSITIONS)(
    'in %s around %s is in whole local hours and days with the same bytes',
    async (timeZone, at) => {
      const db = await temporaryDatabase();
      const calendar = calendarOf(timeZone);
      const middleMs = Date.parse(at);
      await fill(db, zoneOf(calendar), [middleMs - 0.75 * DAY_MS, middleMs + 0.75 * DAY_MS]);
      const sums = await sumsOfLevels(db);
      expect(sums.TrafficHour).toEqual(sums.TrafficQuarter);
      expect(sums.TrafficDay).toEqual(sums.TrafficQuarter);
      const hours = (await rowsOf(db, 'TrafficHour')).filter(({ userId }) => userId === 1);
      expect(hours.length).toBeGreaterThanOrEqual(35);
      for (const { startMs } of hours) {
        expect(calendar.startOfHour(new Date(startMs)).getTime()).toBe(startMs);
      }
      const days = (await rowsOf(db, 'TrafficDay')).filter(({ userId }) => userId === 1);
      expect(days.length).toBeGreaterThanOrEqual(2);
      for (const { startMs, endMs } of days) {
        const start = new Date(startMs);
        expect(calendar.startOfDay(start)).toEqual(start);
        expect(calendar.addDays(start, 1).getTime()).toBe(endMs);
      }
    },
  );

  it('is stored once: its tables have no rows besides their keys', async () => {
    const db = await temporaryDatabase();
    const tables = await db.$read(
      `SELECT "name", "wr" FROM pragma_table_list WHERE "name" GLOB 'Traffic*' ORDER BY "name"`,
    );
    expect(tables).toEqual([...LEVELS].sort().map((name) => [name, 1]));
  });

  it('is estimated in each level if a part of it is', async () => {
    const db = await temporaryDatabase();
    await fill(db, UTC, [NOON_MS, NOON_MS + 8 * QUARTER_MS]);
    expect((await rowsOf(db, 'TrafficDay')).map(({ estimated }) => estimated)).toEqual([
      true,
      true,
    ]);
    const hours = await rowsOf(db, 'TrafficHour');
    expect(hours.map(({ estimated }) => estimated)).toEqual([true, false, true, false]);
  });

  it('stays at the largest sum that can be stored', async () => {
    const db = await temporaryDatabase();
    const full = 2n ** 63n - 1n;
    const rows = [0, 1, 2, 3].map((index) => ({
      ...{ startMs: NOON_MS + index * QUARTER_MS, rx: full, tx: full / 4n },
    }));
    await bookQuarters(db, UTC, rows);
    expect(await rowsOf(db, 'TrafficDay')).toMatchObject([{ rx: full, tx: (full / 4n) * 4n }]);
    await bookQuarters(db, UTC, rows);
    expect(await rowsOf(db, 'TrafficDay')).toMatchObject([{ rx: full, tx: full }]);
  });
});

describe('the retention of traffic', () => {
  it('keeps recent rows of each level, and every byte in days', async () => {
    const db = await temporaryDatabase();
    await fill(db, UTC, [NOON_MS - 4 * DAY_MS, NOON_MS]);
    const before = await sumsOf(db, 'TrafficDay');
    await retainTraffic(db, UTC, KEEP_SHORT, new Date(NOON_MS));
    expect(await sumsOf(db, 'TrafficDay')).toEqual(before);
    const midnightMs = Date.UTC(2026, 0, 15);
    const firstOf = async (level: Level) => (await rowsOf(db, level))[0]?.startMs;
    expect(await firstOf('TrafficQuarter')).toEqual(midnightMs - DAY_MS);
    expect(await firstOf('TrafficHour')).toEqual(midnightMs - 2 * DAY_MS);
    expect(await firstOf('TrafficDay')).toEqual(midnightMs - 4 * DAY_MS);
  });

  it('adds bytes that are booked later to the levels that are still kept', async () => {
    const db = await temporaryDatabase();
    for (const days of [10, 4, 1]) {
      const ms = NOON_MS - days * DAY_MS;
      await fill(db, UTC, [ms, ms + 4 * QUARTER_MS], [2]);
      await retainTraffic(db, UTC, KEEP, new Date(NOON_MS));
      await fill(db, UTC, [ms, ms + 4 * QUARTER_MS], [2]);
    }
    const received = async (level: Level) => (await rowsOf(db, level)).map(({ rx }) => rx);
    expect(await received('TrafficDay')).toEqual([60n, 60n, 60n]);
    expect(await received('TrafficHour')).toEqual([60n, 60n]);
    expect(await received('TrafficQuarter')).toEqual([6n, 12n, 18n, 24n]);
  });

  it('keeps hours as long as quarter hours', async () => {
    const db = await temporaryDatabase();
    await fill(db, UTC, [NOON_MS - 4 * DAY_MS, NOON_MS]);
    await retainTraffic(db, UTC, { quarterHours: 3, hours: 1 }, new Date(NOON_MS));
    expect(await sumsOf(db, 'TrafficHour')).toEqual(await sumsOf(db, 'TrafficQuarter'));
    await retainTraffic(db, UTC, { quarterHours: 0, hours: 1 }, new Date(NOON_MS + 9 * DAY_MS));
    expect(await sumsOf(db, 'TrafficHour')).toEqual(await sumsOf(db, 'TrafficQuarter'));
  });

  it('keeps everything if configured so', async () => {
    const db = await temporaryDatabase();
    await fill(db, UTC, [NOON_MS - 9 * DAY_MS, NOON_MS - 8 * DAY_MS]);
    const before = await sumsOfLevels(db);
    await retainTraffic(db, UTC, FOREVER, new Date(NOON_MS + 9_999 * DAY_MS));
    expect(await sumsOfLevels(db)).toEqual(before);
  });

  it('deletes in parts, between which other transactions run', async () => {
    const db = await temporaryDatabase();
    await fill(db, UTC, [NOON_MS - 40 * DAY_MS, NOON_MS - 20 * DAY_MS], [1, 2]);
    const count = 2 * 20 * 96;
    const seen = await seenDuring(retainTraffic(db, UTC, KEEP, new Date(NOON_MS)), () =>
      db.trafficQuarter.count(),
    );
    expect(seen.at(-1)).toBe(0);
    expect(seen.filter((rows) => 0 < rows && rows < count)).not.toEqual([]);
  });
});
