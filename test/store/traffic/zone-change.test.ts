import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../src/domain/time/calendar.ts';
import { type TrafficPoint, traffic } from '../../../src/resolvers/traffic.ts';
import type { Database } from '../../../src/store/database/open.ts';
import { LEVELS, zoneOf } from '../../../src/store/traffic/levels.ts';
import { prepareTraffic } from '../../../src/store/traffic/prepare.ts';
import { retainTraffic } from '../../../src/store/traffic/retain.ts';
import { interruptedAfter } from '../../fixtures/interrupted-database.ts';
import { NOON_MS, temporaryDatabase } from '../../fixtures/test-store.ts';
import { bookQuarters, QUARTER_MS, rowsOf, sumsOf } from '../../fixtures/traffic-rows.ts';
import { openedDatabase, trafficContext } from '../../fixtures/traffic-series.ts';

const DAY_MS = 86_400_000;
const zoneNamed = (name: string) => zoneOf(calendarOf(name));

const startIn = (db: Database, name: string, messages: string[] = []) =>
  prepareTraffic(db, zoneNamed(name), ({ en }) => messages.push(en));

/** A byte each quarter hour of ten days, of twelve users. */
async function recordedIn(name: string): Promise<Database> {
  const db = await temporaryDatabase();
  await startIn(db, name);
  const quarters = Array.from({ length: 960 }, (_, index) => NOON_MS + index * QUARTER_MS);
  for (let userId = 1; userId <= 12; userId++) {
    const rows = quarters.map((startMs) => ({ userId, startMs, rx: 1n, tx: BigInt(userId) }));
    await bookQuarters(db, zoneNamed(name), rows);
  }
  return db;
}

/** What the rows of a level contain. */
const contentOf = async (db: Database) =>
  Object.fromEntries(
    await Promise.all(LEVELS.map(async (level) => [level, await rowsOf(db, level)] as const)),
  );

describe('a start in another time zone', () => {
  it.each(['America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'])(
    'makes of traffic of Europe/Berlin that of %s',
    async (name) => {
      const db = await recordedIn('Europe/Berlin');
      await startIn(db, name);
      expect(await contentOf(db)).toEqual(await contentOf(await recordedIn(name)));
    },
  );

  it('builds nothing again in the same zone', async () => {
    const db = await recordedIn('Europe/Berlin');
    const before = await contentOf(db);
    await startIn(interruptedAfter(db, 0), 'Europe/Berlin');
    expect(await contentOf(db)).toEqual(before);
  });

  it('leaves days of the earlier zone where hours are no longer kept, and no byte twice', async () => {
    const db = await recordedIn('UTC');
    const before = await sumsOf(db, 'TrafficDay');
    const now = new Date(NOON_MS + 10 * DAY_MS);
    await retainTraffic(db, zoneNamed('UTC'), { quarterHours: 2, hours: 4 }, now);
    await startIn(db, 'Asia/Shanghai');
    expect(await sumsOf(db, 'TrafficDay')).toEqual(before);
    const days = (await rowsOf(db, 'TrafficDay')).filter(({ userId }) => userId === 1);
    const utc = (day: number) => Date.UTC(2026, 0, day);
    const shanghai = (day: number) => utc(day) - 8 * 3_600_000;
    expect(days.map(({ startMs, endMs, rx }) => [startMs, endMs, Number(rx)])).toEqual([
      [utc(15), utc(16), 48],
      ...[16, 17, 18, 19, 20].map((day) => [utc(day), utc(day + 1), 96]),
      // The rest of the day in which hours begin.
      [shanghai(21), shanghai(22), 64],
      ...[22, 23, 24, 25].map((day) => [shanghai(day), shanghai(day + 1), day < 25 ? 96 : 80]),
    ]);
  });

  it('is repeated from the beginning if it was interrupted between two users', async () => {
    const whole = await contentOf(await recordedIn('Asia/Kolkata'));
    for (const parts of [1, 5, 11]) {
      const db = await recordedIn('Europe/Berlin');
      await expect(startIn(interruptedAfter(db, parts), 'America/New_York')).rejects.toThrow();
      await startIn(db, 'Asia/Kolkata');
      expect(await contentOf(db)).toEqual(whole);
    }
  });

  it('after an interruption in the zone of before builds it again, too', async () => {
    const db = await recordedIn('Europe/Berlin');
    const before = await contentOf(db);
    await expect(startIn(interruptedAfter(db, 5), 'Asia/Kolkata')).rejects.toThrow();
    expect(await contentOf(db)).not.toEqual(before);
    await startIn(db, 'Europe/Berlin');
    expect(await contentOf(db)).toEqual(before);
  });

  it('reports its progress', async () => {
    const messages: string[] = [];
    await startIn(await recordedIn('UTC'), 'Asia/Kolkata', messages);
    expect(messages[0]).toMatch(/Asia\/Kolkata: \d0 % done/);
    expect(messages.length).toBeLessThan(10);
  });

  it('makes a series too fine for bytes of a day whose hours are kept only in part', async () => {
    const { db, path } = await openedDatabase();
    const utc = (day: number, hour: number) => Date.UTC(2026, 0, day, hour);
    const now = new Date(utc(25, 12));
    await startIn(db, 'UTC');
    const bytes = { rx: 1n, tx: 1n };
    await bookQuarters(db, zoneNamed('UTC'), [{ startMs: utc(21, 1), ...bytes }]);
    await retainTraffic(db, zoneNamed('UTC'), { quarterHours: 4, hours: 4 }, now);
    await startIn(db, 'Asia/Shanghai');
    const shanghai = zoneNamed('Asia/Shanghai');
    const ctx = trafficContext(path, shanghai, now.getTime());
    const hoursFrom = (ms: number) => traffic(ctx, { bucket: 'HOUR', from: new Date(ms) });
    const isReceived = ({ rx }: TrafficPoint) => rx > 0n;
    expect((await hoursFrom(utc(21, 16))).filter(isReceived)).toEqual([]);
    await bookQuarters(db, shanghai, [{ startMs: utc(20, 20), ...bytes }]);
    await expect(hoursFrom(utc(20, 18))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect((await hoursFrom(utc(21, 16))).filter(isReceived)).toEqual([]);
    const days = await traffic(ctx, { bucket: 'DAY', from: new Date(utc(20, 18)) });
    expect(days[0]).toMatchObject({ start: new Date(utc(20, 16)), rx: 2n });
  });
});
