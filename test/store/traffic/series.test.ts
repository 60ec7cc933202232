import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.ts';
import { calendarOf } from '../../../src/domain/time/calendar.ts';
import {
  type Bucket,
  dailyTraffic,
  type TrafficPoint,
  traffic,
} from '../../../src/resolvers/traffic.ts';
import { retain } from '../../../src/store/retention.ts';
import { zoneOf } from '../../../src/store/traffic/levels.ts';
import { UTC } from '../../fixtures/test-store.ts';
import { bookQuarters, QUARTER_MS } from '../../fixtures/traffic-rows.ts';
import {
  type OpenedDatabase,
  openedDatabase,
  trafficContext,
} from '../../fixtures/traffic-series.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A server whose zone is this one. */
const contextOf = ({ path }: OpenedDatabase, timeZone: string, nowMs: number) =>
  trafficContext(path, zoneOf(calendarOf(timeZone)), nowMs);

/** A byte for each quarter hour of all users together. */
async function fill(
  { db }: OpenedDatabase,
  timeZone: string,
  [fromMs, toMs]: readonly [number, number],
): Promise<void> {
  const data = [];
  for (let ms = fromMs; ms < toMs; ms += QUARTER_MS) data.push({ startMs: ms, rx: 1n, tx: 2n });
  await bookQuarters(db, zoneOf(calendarOf(timeZone)), data);
}

const received = (points: readonly TrafficPoint[]) => points.map(({ rx }) => Number(rx));

describe('the series of days', () => {
  it.each([
    ['America/New_York', '2026-03-09T16:00:00Z', [96, 92]],
    ['America/New_York', '2026-11-02T16:00:00Z', [96, 100]],
    ['Australia/Lord_Howe', '2026-10-05T01:00:00Z', [96, 94]],
    ['Australia/Lord_Howe', '2026-04-06T01:00:00Z', [96, 98]],
    ['Asia/Kolkata', '2026-03-09T16:00:00Z', [96, 96]],
  ] as const)(
    'of %s until %s has the same sums as its days, whatever its length',
    async (timeZone, now, whole) => {
      const db = await openedDatabase();
      const nowMs = Date.parse(now);
      await fill(db, timeZone, [nowMs - 5 * DAY_MS, nowMs]);
      const ctx = contextOf(db, timeZone, nowMs);
      const points = await dailyTraffic(ctx, { days: 3 });
      expect(received(points).slice(0, 2)).toEqual(whole);
      const todayMs = ctx.calendar.startOfDay(new Date(nowMs)).getTime();
      expect(received(points)[2]).toBe((nowMs - todayMs) / QUARTER_MS);
      expect(points.map(({ tx }) => Number(tx))).toEqual(received(points).map((rx) => 2 * rx));
    },
  );

  it('has every day, including those without traffic', async () => {
    const db = await openedDatabase();
    const nowMs = Date.UTC(2026, 2, 20, 12);
    const points = await dailyTraffic(contextOf(db, 'UTC', nowMs), { days: 365 });
    expect(points).toHaveLength(365);
    for (const [index, { start }] of points.entries()) {
      expect(start).toEqual(index === 0 ? new Date(Date.UTC(2025, 2, 21)) : points[index - 1]?.end);
    }
  });
});

describe('the series of hours', () => {
  it.each([
    ['America/New_York', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01T04:00:00Z', 25],
    ['Asia/Kolkata', '2026-03-07T18:30:00Z', 24],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', 25],
    ['Australia/Lord_Howe', '2026-10-03T13:30:00Z', 24],
  ])(
    'of the day of %s from %s has all its bytes, before and after the roll-up',
    async (timeZone, from, hours) => {
      const db = await openedDatabase();
      const calendar = calendarOf(timeZone);
      const start = new Date(from);
      const end = calendar.addDays(start, 1);
      await fill(db, timeZone, [start.getTime(), end.getTime()]);
      const ctx = contextOf(db, timeZone, end.getTime());
      const ask = () => traffic(ctx, { bucket: 'HOUR', from: start, to: end });
      const before = await ask();
      expect(before).toHaveLength(hours);
      expect(received(before).reduce((sum, rx) => sum + rx)).toBe(
        (end.getTime() - start.getTime()) / QUARTER_MS,
      );
      const keep = { quarterHours: 1, hours: 0, events: 0, sessions: 0 };
      await retain(db.db, zoneOf(calendar), keep, new Date(end.getTime() + 2 * DAY_MS));
      expect(await ask()).toEqual(before);
    },
    10_000,
  );
});

describe('a series that is finer than the stored one', () => {
  const nowMs = Date.UTC(2026, 0, 31, 12);
  const keep = { quarterHours: 2, hours: 3, events: 0, sessions: 0 };

  async function rolledUp(): Promise<OpenedDatabase> {
    const db = await openedDatabase();
    await fill(db, 'UTC', [nowMs - 4 * DAY_MS, nowMs]);
    await retain(db.db, UTC, keep, new Date(nowMs));
    return db;
  }

  const refusal = async (ask: () => Promise<unknown>): Promise<string> => {
    try {
      await ask();
    } catch (error) {
      if (error instanceof AppError && error.code === 'INVALID_ARGUMENT') {
        expect(error.fields.map(({ field }) => field)).toEqual(['from']);
        return /before (\S+Z)/.exec(error.fields[0]?.text.en ?? '')?.[1] ?? '';
      }
      throw error;
    }
    throw new Error('It was answered.');
  };

  it.each([
    ['QUARTER_HOUR', '2026-01-29T00:00:00.000Z'],
    ['HOUR', '2026-01-28T00:00:00.000Z'],
  ] as const)('of %s is rejected with the earliest possible start', async (bucket, oldest) => {
    const db = await rolledUp();
    const ctx = contextOf(db, 'UTC', nowMs);
    const ask = (from: Date) => traffic(ctx, { bucket, from });
    const named = await refusal(() => ask(new Date(nowMs - 4 * DAY_MS)));
    expect(named).toBe(oldest);
    const points = await ask(new Date(named));
    expect(received(points).reduce((sum, rx) => sum + rx)).toBe(
      (nowMs - Date.parse(named)) / QUARTER_MS,
    );
    await refusal(() => ask(new Date(Date.parse(named) - 1)));
  });

  it('of days of another zone is rejected before the first complete day', async () => {
    const db = await rolledUp();
    const ctx = contextOf(db, 'UTC', nowMs);
    const timeZone = 'Asia/Kolkata';
    const ask = (bucket: Bucket, from: Date) => traffic(ctx, { bucket, from, timeZone });
    const named = await refusal(() => ask('DAY', new Date(nowMs - 4 * DAY_MS)));
    // Hours of UTC are kept until the 29th. One holds 18:30 of the 28th, which is midnight there.
    expect(named).toBe('2026-01-29T18:30:00.000Z');
    expect(received(await ask('DAY', new Date(named)))).toEqual([96, 70]);
    const hour = await refusal(() => ask('HOUR', new Date(nowMs - 4 * DAY_MS)));
    expect(hour).toBe('2026-01-29T00:30:00.000Z');
  });

  it('is returned in days and months of the zone in which it is stored', async () => {
    const db = await rolledUp();
    const ctx = contextOf(db, 'UTC', nowMs);
    const days = await traffic(ctx, { bucket: 'DAY', from: new Date(nowMs - 4 * DAY_MS) });
    expect(received(days)).toEqual([48, 96, 96, 96, 48]);
    const months = await traffic(ctx, { bucket: 'MONTH', from: new Date(nowMs - 4 * DAY_MS) });
    expect(received(months)).toEqual([4 * 96]);
  });
});

describe('the range of a series', () => {
  it('is extended to whole buckets', async () => {
    const db = await openedDatabase();
    const dayMs = Date.UTC(2026, 0, 15);
    await fill(db, 'UTC', [dayMs, dayMs + 6 * HOUR_MS]);
    const ctx = contextOf(db, 'UTC', dayMs + DAY_MS);
    const points = await traffic(ctx, {
      bucket: 'HOUR',
      from: new Date(dayMs + 1.5 * HOUR_MS),
      to: new Date(dayMs + 2.5 * HOUR_MS),
    });
    expect(received(points)).toEqual([4, 4]);
    expect(points[0]?.start).toEqual(new Date(dayMs + HOUR_MS));
    expect(points[1]?.end).toEqual(new Date(dayMs + 3 * HOUR_MS));
  });

  it('is rejected if it has too many points', async () => {
    const db = await openedDatabase();
    const ctx = contextOf(db, 'UTC', Date.UTC(2026, 0, 15));
    const ask = traffic(ctx, { bucket: 'QUARTER_HOUR', from: new Date(0) });
    await expect(ask).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
