import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databasePath } from '../../../src/config/database-url.ts';
import { calendarOf } from '../../../src/domain/time/calendar.ts';
import { type Database, openDatabase } from '../../../src/store/database/open.ts';
import { migrate } from '../../../src/store/migration/migrate.ts';
import { readMigrations } from '../../../src/store/migration/migrations.ts';
import { LEVELS, zoneOf } from '../../../src/store/traffic/levels.ts';
import { prepareTraffic } from '../../../src/store/traffic/prepare.ts';
import { interruptedAfter } from '../../fixtures/interrupted-database.ts';
import { temporaryDatabaseUrl, UTC } from '../../fixtures/test-store.ts';
import { QUARTER_MS, rowsOf, sumsOf } from '../../fixtures/traffic-rows.ts';

const HOUR_MS = 4 * QUARTER_MS;
const DAY_MS = 24 * HOUR_MS;
const FIRST_MS = Date.UTC(2025, 0, 1);
const HOURS_FROM_MS = FIRST_MS + 60 * DAY_MS;
const QUARTERS_FROM_MS = HOURS_FROM_MS + 20 * DAY_MS;
const END_MS = QUARTERS_FROM_MS + 5 * DAY_MS;

interface OldRow {
  readonly bucket: string;
  readonly startMs: number;
  readonly endMs: number;
}

const series = (bucket: string, lengthMs: number, [fromMs, toMs]: readonly [number, number]) =>
  Array.from(
    { length: (toMs - fromMs) / lengthMs },
    (_, index): OldRow => ({
      bucket,
      startMs: fromMs + index * lengthMs,
      endMs: fromMs + (index + 1) * lengthMs,
    }),
  );

/** Days, then hours, then quarter hours, as a server in UTC has rolled them up. */
const OLD_ROWS = [
  ...series('DAY', DAY_MS, [FIRST_MS, HOURS_FROM_MS]),
  ...series('HOUR', HOUR_MS, [HOURS_FROM_MS, QUARTERS_FROM_MS]),
  ...series('QUARTER_HOUR', QUARTER_MS, [QUARTERS_FROM_MS, END_MS]),
  // Bytes that were booked late are rolled up at the next retention.
  ...series('QUARTER_HOUR', QUARTER_MS, [FIRST_MS + DAY_MS, FIRST_MS + DAY_MS + HOUR_MS]),
  ...series('QUARTER_HOUR', QUARTER_MS, [HOURS_FROM_MS, HOURS_FROM_MS + HOUR_MS]),
];

const OLD_USERS = [1, 2, 3, 7];
const OLD_OWNERS = [0, ...OLD_USERS];

/** A database of version 0.1.0 in which each row of a user has an odd number of bytes. */
async function ofEarlierVersion(rows: readonly OldRow[] = OLD_ROWS): Promise<Database> {
  const url = await temporaryDatabaseUrl();
  const path = databasePath(url);
  const migrations = await readMigrations();
  new SQLite(path).close();
  migrate(
    path,
    migrations.filter(({ name }) => name < '0007'),
  );
  const old = new SQLite(path);
  const insert = old.prepare(
    `INSERT INTO "Traffic" ("userId", "start", "end", "bucket", "rx", "tx", "estimated")
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertTotal = old.prepare(
    `INSERT INTO "TrafficTotal" ("start", "end", "bucket", "rx", "tx", "estimated")
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  old.transaction(() => {
    for (const [index, { bucket, startMs, endMs }] of rows.entries()) {
      const bytes = [1_000_000_007 * (index + 1), 2 ** 40 + index] as const;
      const estimated = index % 50 === 0 ? 1 : 0;
      for (const id of OLD_USERS) {
        insert.run(id, startMs, endMs, bucket, bytes[0] + id, bytes[1], estimated);
      }
      insertTotal.run(startMs, endMs, bucket, bytes[0], bytes[1], estimated);
    }
  })();
  old.close();
  const db = await openDatabase(url);
  onTestFinished(() => db.$disconnect());
  return db;
}

/** The bytes of each owner by UTC day, from the rows of an earlier version. */
function expectedDays(rows: readonly OldRow[] = OLD_ROWS): Map<string, bigint> {
  const days = new Map<string, bigint>();
  for (const owner of OLD_OWNERS) {
    for (const [index, { startMs }] of rows.entries()) {
      const key = `${owner} ${new Date(startMs).toISOString().slice(0, 10)}`;
      const rx = BigInt(1_000_000_007 * (index + 1) + owner);
      days.set(key, (days.get(key) ?? 0n) + rx);
    }
  }
  return days;
}

async function days(db: Database): Promise<Map<string, bigint>> {
  const all = new Map<string, bigint>();
  for (const { userId, startMs, endMs, rx } of await rowsOf(db, 'TrafficDay')) {
    expect(endMs).toBe(startMs + DAY_MS);
    all.set(`${userId} ${new Date(startMs).toISOString().slice(0, 10)}`, rx);
  }
  return all;
}

const tablesOf = async (db: Database) =>
  (await db.$read(`SELECT "name" FROM sqlite_master WHERE "type" = 'table'`)).map(([name]) => name);

/** The rows of all levels. */
const contentOf = (db: Database) => Promise.all(LEVELS.map((level) => rowsOf(db, level)));

describe('the traffic of an earlier version', () => {
  it('has the same sums of each user and day, and the old tables are gone', async () => {
    const db = await ofEarlierVersion();
    await prepareTraffic(db, UTC, () => {});
    expect(await days(db)).toEqual(expectedDays());
    expect(await tablesOf(db)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^Old/)]));
  });

  it('is by hour and by quarter hour where it was, and not where it was not', async () => {
    const db = await ofEarlierVersion();
    await prepareTraffic(db, UTC, () => {});
    const [quarters = [], hours = []] = await contentOf(db);
    const startsOf = (rows: readonly { userId: number; startMs: number }[]) =>
      rows.filter(({ userId }) => userId === 7).map(({ startMs }) => startMs);
    const startsIn = (lengthMs: number, fromMs: number) =>
      series('', lengthMs, [fromMs, END_MS]).map(({ startMs }) => startMs);
    expect(startsOf(quarters)).toEqual(startsIn(QUARTER_MS, QUARTERS_FROM_MS));
    expect(startsOf(hours)).toEqual(startsIn(HOUR_MS, HOURS_FROM_MS));
  });

  it('stays estimated where it was', async () => {
    const db = await ofEarlierVersion();
    await prepareTraffic(db, UTC, () => {});
    const [estimated] = (await rowsOf(db, 'TrafficDay')).filter((row) => row.estimated);
    expect(estimated).toMatchObject({ userId: 0, startMs: FIRST_MS });
    const quarters = (await rowsOf(db, 'TrafficQuarter')).filter((row) => row.estimated);
    const ofQuarters = OLD_ROWS.filter(
      ({ startMs }, index) => index % 50 === 0 && startMs >= QUARTERS_FROM_MS,
    );
    expect(quarters).toHaveLength(ofQuarters.length * OLD_OWNERS.length);
  });

  it('is moved completely, however often the process is killed between two parts', async () => {
    const whole = await ofEarlierVersion();
    await prepareTraffic(whole, UTC, () => {});
    for (const transactions of [1, 2]) {
      const db = await ofEarlierVersion();
      let lives = 0;
      for (let isDone = false; !isDone; lives++) {
        isDone = await prepareTraffic(interruptedAfter(db, transactions + 1), UTC, () => {}).then(
          () => true,
          () => false,
        );
      }
      expect(lives).toBeGreaterThan(1);
      expect(await contentOf(db)).toEqual(await contentOf(whole));
    }
  });

  it('is moved in the zone in which it began, then in the new one', async () => {
    const tokyo = zoneOf(calendarOf('Asia/Tokyo'));
    const db = await ofEarlierVersion();
    await expect(prepareTraffic(interruptedAfter(db, 4), UTC, () => {})).rejects.toThrow();
    await prepareTraffic(db, tokyo, () => {});
    const whole = await ofEarlierVersion();
    await prepareTraffic(whole, UTC, () => {});
    await prepareTraffic(whole, tokyo, () => {});
    expect(await contentOf(db)).toEqual(await contentOf(whole));
  });

  it('that was rolled up in another zone keeps its spans and all bytes', async () => {
    const rows = [
      ...series('DAY', DAY_MS, [FIRST_MS - 8 * HOUR_MS, FIRST_MS + 40 * HOUR_MS]),
      ...series('HOUR', HOUR_MS, [FIRST_MS + 40.5 * HOUR_MS, FIRST_MS + 72.5 * HOUR_MS]),
    ];
    const db = await ofEarlierVersion(rows);
    const sums = await sumsOf(db, 'TrafficDay');
    expect(sums).toEqual({});
    await prepareTraffic(db, UTC, () => {});
    const received = (await rowsOf(db, 'TrafficDay')).filter(({ userId }) => userId === 1);
    const spans = received.map(({ startMs, endMs }) => [
      (startMs - FIRST_MS) / HOUR_MS,
      ((endMs ?? 0) - FIRST_MS) / HOUR_MS,
    ]);
    expect(spans).toEqual([
      [-8, 16],
      [16, 40],
      [24, 48],
      [47.5, 48.5],
      [48, 72],
      [71.5, 72.5],
    ]);
    const sum = (all: readonly bigint[]) => all.reduce((total, rx) => total + rx, 0n);
    const expected = rows.map((_, index) => BigInt(1_000_000_007 * (index + 1) + 1));
    expect(sum(received.map(({ rx }) => rx))).toBe(sum(expected));
  });

  it('reports how far it is', async () => {
    const messages: string[] = [];
    await prepareTraffic(await ofEarlierVersion(), UTC, ({ en }) => messages.push(en));
    expect(messages[0]).toMatch(/^The traffic of an earlier version is being moved: \d0 % done\.$/);
    expect(messages.length).toBeLessThan(20);
  });
});
