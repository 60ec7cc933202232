import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../src/domain/time/calendar.ts';
import type { Database } from '../../src/store/database/open.ts';
import { type KeepDays, retain } from '../../src/store/retention.ts';
import { NOON_MS, seenDuring, temporaryDatabase } from '../fixtures/test-store.ts';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const KEEP: KeepDays = { quarterHours: 2, hours: 5, events: 0, sessions: 0 };
const KEEP_SHORT: KeepDays = { ...KEEP, quarterHours: 1, hours: 2 };

/** Users and the sum of all, a row each quarter hour, each with its own odd number of bytes. */
async function fill(
  db: Database,
  fromMs: number,
  toMs: number,
  userIds: readonly number[] = [1],
): Promise<void> {
  const starts: number[] = [];
  for (let ms = fromMs; ms < toMs; ms += QUARTER_MS) starts.push(ms);
  const row = (startMs: number, index: number, factor: bigint) => ({
    bucket: 'QUARTER_HOUR',
    start: new Date(startMs),
    end: new Date(startMs + QUARTER_MS),
    rx: BigInt(index + 1) * factor,
    tx: 2n ** 53n + BigInt(index) * factor,
    estimated: index % 97 === 0,
  });
  for (const userId of userIds) {
    const factor = BigInt(userId);
    await db.traffic.createMany({
      data: starts.map((ms, index) => ({ userId, ...row(ms, index, factor) })),
    });
  }
  await db.trafficTotal.createMany({ data: starts.map((ms, index) => row(ms, index, 3n)) });
}

async function sums(db: Database) {
  const totals = (await db.trafficTotal.findMany()).map((row) => ({ ...row, userId: 0 }));
  const byOwner = new Map<number, [bigint, bigint]>();
  for (const row of [...(await db.traffic.findMany()), ...totals]) {
    const owner = row.userId;
    const [rx, tx] = byOwner.get(owner) ?? [0n, 0n];
    byOwner.set(owner, [rx + row.rx, tx + row.tx]);
  }
  return [...byOwner].sort(([a], [b]) => a - b);
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

describe('rolling up old traffic', () => {
  it.each(TRANSITIONS)(
    'in %s around %s keeps every byte, in whole local hours and days',
    async (timeZone, at) => {
      const db = await temporaryDatabase();
      const calendar = calendarOf(timeZone);
      const middleMs = Date.parse(at);
      // Without this the roll-up would go round in circles for a minute.
      expect(calendar.endOfHour(new Date(middleMs)).getTime()).toBeGreaterThan(middleMs);
      await fill(db, middleMs - 0.75 * DAY_MS, middleMs + 0.75 * DAY_MS);
      const before = await sums(db);

      await retain(db, { ...KEEP, hours: 30 }, calendar, new Date(middleMs + 5 * DAY_MS));
      expect(await sums(db)).toEqual(before);
      const hours = await db.trafficTotal.findMany({
        where: { bucket: 'HOUR' },
        orderBy: { start: 'asc' },
      });
      expect(hours.length).toBeGreaterThanOrEqual(35);
      for (const [index, { start, end }] of hours.entries()) {
        expect(start.getTime()).toBeGreaterThanOrEqual(hours[index - 1]?.end.getTime() ?? 0);
        expect([start, end]).toEqual([calendar.startOfHour(start), calendar.endOfHour(start)]);
      }
      expect(await db.traffic.count({ where: { bucket: 'QUARTER_HOUR' } })).toBe(0);

      await retain(db, KEEP, calendar, new Date(middleMs + 10 * DAY_MS));
      expect(await sums(db)).toEqual(before);
      const days = await db.trafficTotal.findMany({ orderBy: { start: 'asc' } });
      expect(days.map(({ bucket }) => bucket)).toEqual(days.map(() => 'DAY'));
      expect(days.length).toBeGreaterThanOrEqual(2);
      for (const { start, end } of days) {
        expect([start, end]).toEqual([calendar.startOfDay(start), calendar.addDays(start, 1)]);
      }
    },
    10_000,
  );

  it('keeps recent rows, and rolls up only whole days', async () => {
    const db = await temporaryDatabase();
    const calendar = calendarOf('UTC');
    await fill(db, NOON_MS - 4 * DAY_MS, NOON_MS);
    const before = await sums(db);
    await retain(db, KEEP_SHORT, calendar, new Date(NOON_MS));
    expect(await sums(db)).toEqual(before);
    const midnightMs = Date.UTC(2026, 0, 15);
    const extent = async (bucket: string) => {
      const rows = await db.trafficTotal.findMany({ where: { bucket }, orderBy: { start: 'asc' } });
      return [rows[0]?.start.getTime(), rows.at(-1)?.end.getTime()];
    };
    expect(await extent('QUARTER_HOUR')).toEqual([midnightMs - DAY_MS, NOON_MS]);
    expect(await extent('HOUR')).toEqual([midnightMs - 2 * DAY_MS, midnightMs - DAY_MS]);
    expect(await extent('DAY')).toEqual([midnightMs - 4 * DAY_MS, midnightMs - 2 * DAY_MS]);
  });

  it('marks a combined row as estimated if a part was', async () => {
    const db = await temporaryDatabase();
    await fill(db, NOON_MS - 3 * DAY_MS, NOON_MS - 3 * DAY_MS + 4 * QUARTER_MS);
    await retain(db, KEEP, calendarOf('UTC'), new Date(NOON_MS));
    expect(await db.trafficTotal.findMany()).toMatchObject([{ bucket: 'HOUR', estimated: true }]);
  });

  it('adds late bytes to the existing row', async () => {
    const db = await temporaryDatabase();
    const calendar = calendarOf('UTC');
    const oldMs = NOON_MS - 10 * DAY_MS;
    for (let i = 0; i < 3; i++) {
      await fill(db, oldMs, oldMs + 4 * QUARTER_MS, [1, 2]);
      await retain(db, KEEP, calendar, new Date(NOON_MS));
    }
    expect(await db.trafficTotal.findMany()).toMatchObject([{ bucket: 'DAY', rx: 90n }]);
    expect(await db.traffic.findMany({ where: { userId: 2 } })).toMatchObject([{ rx: 60n }]);
  });

  it('keeps rows of another zone unchanged', async () => {
    const db = await temporaryDatabase();
    await fill(db, NOON_MS - 7 * DAY_MS, NOON_MS);
    const before = await sums(db);
    await retain(db, KEEP_SHORT, calendarOf('Asia/Kolkata'), new Date(NOON_MS - 2 * DAY_MS));
    const kept = await db.trafficTotal.findMany({ where: { bucket: 'DAY' } });
    expect(kept.length).toBeGreaterThan(1);
    for (let i = 0; i < 2; i++) {
      await retain(db, KEEP_SHORT, calendarOf('America/New_York'), new Date(NOON_MS));
      expect(await sums(db)).toEqual(before);
    }
    const after = await db.trafficTotal.findMany({ where: { bucket: 'DAY' } });
    for (const day of kept) expect(after).toContainEqual(day);
  });

  it('does nothing more when it runs again', async () => {
    const db = await temporaryDatabase();
    const calendar = calendarOf('America/New_York');
    await fill(db, NOON_MS - 4 * DAY_MS, NOON_MS);
    await retain(db, KEEP_SHORT, calendar, new Date(NOON_MS));
    const rows = () => db.traffic.findMany({ orderBy: [{ userId: 'asc' }, { start: 'asc' }] });
    const before = await rows();
    await retain(db, KEEP_SHORT, calendar, new Date(NOON_MS));
    expect(await rows()).toEqual(before);
  });

  it('stays at the largest sum that can be stored', async () => {
    const db = await temporaryDatabase();
    const full = 2n ** 63n - 1n;
    for (const index of [0, 1, 2, 3]) {
      const start = new Date(NOON_MS - 5 * DAY_MS + index * QUARTER_MS);
      const end = new Date(start.getTime() + QUARTER_MS);
      const row = { bucket: 'QUARTER_HOUR', start, end, rx: full, tx: full / 4n };
      await db.traffic.create({ data: { userId: 1, ...row } });
    }
    await retain(db, KEEP, calendarOf('UTC'), new Date(NOON_MS));
    expect(await db.traffic.findMany()).toMatchObject([{ rx: full, tx: (full / 4n) * 4n }]);
  });

  it('keeps everything if configured so', async () => {
    const db = await temporaryDatabase();
    await fill(db, NOON_MS - 9 * DAY_MS, NOON_MS - 8 * DAY_MS);
    const forever = { quarterHours: 0, hours: 0, events: 0, sessions: 0 };
    await retain(db, forever, calendarOf('UTC'), new Date(NOON_MS + 9_999 * DAY_MS));
    expect(await db.traffic.count({ where: { bucket: 'QUARTER_HOUR' } })).toBe(96);
  });
});

describe('deleting records that are old enough', () => {
  it('deletes old events and ended sessions, except the latest of a user', async () => {
    const db = await temporaryDatabase();
    const at = (days: number) => new Date(NOON_MS - days * DAY_MS);
    const moments = { quotaMarkAt: at(99), createdAt: at(99), updatedAt: at(99) };
    const user = await db.user.create({ data: { publicKey: 'alice', ...moments } });
    const session = (days: number, endedAt: Date | null) =>
      db.session.create({
        data: { userId: user.id, startedAt: at(days), lastSeenAt: at(days), endedAt },
      });
    await session(90, at(90));
    const latest = await session(80, at(80));
    await session(50, null);
    await session(5, at(5));
    await db.user.update({ where: { id: user.id }, data: { latestSessionId: latest.id } });
    for (const days of [90, 11, 9]) {
      await db.event.create({ data: { type: 'PEER_ADDED', at: at(days) } });
    }
    await retain(db, { ...KEEP, events: 10, sessions: 30 }, calendarOf('UTC'), new Date(NOON_MS));
    expect((await db.event.findMany()).map((event) => event.at)).toEqual([at(9)]);
    const left = await db.session.findMany({ orderBy: { id: 'asc' } });
    expect(left.map(({ startedAt }) => startedAt)).toEqual([at(80), at(50), at(5)]);
  });

  it('never uses the id of an event again', async () => {
    const db = await temporaryDatabase();
    const old = await db.event.create({ data: { type: 'PEER_ADDED', at: new Date(0) } });
    await retain(db, { ...KEEP, events: 1 }, calendarOf('UTC'), new Date(NOON_MS));
    const next = await db.event.create({ data: { type: 'PEER_ADDED', at: new Date(NOON_MS) } });
    expect(next.id).toBeGreaterThan(old.id);
  });
});

describe('deleting many old records', () => {
  it('is done in parts, between which other transactions run', async () => {
    const db = await temporaryDatabase();
    const long = new Date(NOON_MS - 20 * DAY_MS);
    const count = 2_500;
    const moments = { quotaMarkAt: long, createdAt: long, updatedAt: long };
    const { id: userId } = await db.user.create({ data: { publicKey: 'alice', ...moments } });
    await db.session.createMany({
      data: Array.from({ length: count }, () => ({
        userId,
        startedAt: long,
        lastSeenAt: long,
        endedAt: long,
      })),
    });
    await db.event.createMany({
      data: Array.from({ length: count }, () => ({ type: 'PEER_ADDED', at: long })),
    });
    const keep = { ...KEEP, events: 5, sessions: 5 };
    const seen = await seenDuring(
      retain(db, keep, calendarOf('UTC'), new Date(NOON_MS)),
      async () => [await db.session.count(), await db.event.count()] as const,
    );
    expect(seen.at(-1)).toEqual([0, 0]);
    for (const index of [0, 1] as const) {
      const counts = seen.map((rows) => rows[index]);
      expect(counts.filter((rows) => 0 < rows && rows < count)).not.toEqual([]);
    }
  });
});
