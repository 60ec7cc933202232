import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.ts';
import { calendarOf } from '../../../src/domain/time/calendar.ts';
import { traffic } from '../../../src/resolvers/traffic.ts';
import type { Database } from '../../../src/store/database/open.ts';
import { keptSince } from '../../../src/store/traffic/kept-since.ts';
import { LEVELS, type Level, quarterOf, zoneOf } from '../../../src/store/traffic/levels.ts';
import { prepareTraffic } from '../../../src/store/traffic/prepare.ts';
import { retainTraffic } from '../../../src/store/traffic/retain.ts';
import { settleTraffic } from '../../../src/store/traffic/settle.ts';
import { NOON_MS } from '../../fixtures/test-store.ts';
import { bookQuarters, QUARTER_MS, rowsOf } from '../../fixtures/traffic-rows.ts';
import { openedDatabase, trafficContext } from '../../fixtures/traffic-series.ts';

const zoneNamed = (name: string) => zoneOf(calendarOf(name));

const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'];

type Step =
  | { readonly kind: 'book'; readonly quarters: number; readonly bytes: number }
  | { readonly kind: 'zone'; readonly name: string }
  | { readonly kind: 'retain'; readonly days: number }
  | { readonly kind: 'wait'; readonly quarters: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('book' as const),
      quarters: fc.integer({ min: -900, max: 90 }),
      bytes: fc.integer({ min: 1, max: 9 }),
    }),
  },
  fc.record({ kind: fc.constant('zone' as const), name: fc.constantFrom(...ZONES) }),
  fc.record({ kind: fc.constant('retain' as const), days: fc.integer({ min: 1, max: 7 }) }),
  fc.record({ kind: fc.constant('wait' as const), quarters: fc.integer({ min: -200, max: 400 }) }),
);

/** The traffic of all users and the clock, which is sometimes set back. */
class Model {
  readonly bytes = new Map<number, number>();
  nowMs = NOON_MS;
  zone = zoneNamed('UTC');

  constructor(readonly db: Database) {}

  async take(one: Step): Promise<void> {
    switch (one.kind) {
      case 'book': {
        const startMs = this.nowMs + one.quarters * QUARTER_MS;
        const rows = [{ startMs, rx: BigInt(one.bytes), tx: 0n }];
        this.add(quarterOf(startMs), one.bytes);
        return bookQuarters(this.db, this.zone, rows);
      }
      case 'zone':
        this.zone = zoneNamed(one.name);
        return prepareTraffic(this.db, this.zone, () => {});
      case 'retain': {
        const keep = { quarterHours: one.days, hours: one.days * 2 };
        return retainTraffic(this.db, this.zone, keep, new Date(this.nowMs));
      }
      case 'wait': {
        this.nowMs += one.quarters * QUARTER_MS;
        const current = quarterOf(this.nowMs);
        for (const [quarter, bytes] of this.bytes) {
          if (quarter <= current) continue;
          this.bytes.delete(quarter);
          this.add(current, bytes);
        }
        return settleTraffic(this.db, this.zone, new Date(this.nowMs));
      }
    }
  }

  add(quarter: number, bytes: number): void {
    this.bytes.set(quarter, (this.bytes.get(quarter) ?? 0) + bytes);
  }

  /** The bytes since a quarter hour. */
  since(first: number): number {
    return [...this.bytes].reduce(
      (sum, [quarter, bytes]) => (quarter >= first ? sum + bytes : sum),
      0,
    );
  }
}

/** Whether a series has the bytes of the model in each point, or was rejected as too coarse. */
async function checkSeries(
  path: string,
  model: Model,
  { bucket, zone, days }: Question,
): Promise<'answered' | 'rejected'> {
  const from = new Date(model.nowMs - days * 96 * QUARTER_MS);
  const to = new Date(model.nowMs + 2 * 96 * QUARTER_MS);
  const ctx = trafficContext(path, model.zone, model.nowMs);
  try {
    const points = await traffic(ctx, { bucket, from, to, timeZone: zone });
    for (const { start, end, rx } of points) {
      const [first, last] = [quarterOf(start.getTime()), quarterOf(end.getTime())];
      expect(Number(rx)).toBe(model.since(first) - model.since(last));
    }
    return 'answered';
  } catch (error) {
    if (error instanceof AppError) return 'rejected';
    throw error;
  }
}

interface Question {
  readonly bucket: 'QUARTER_HOUR' | 'HOUR' | 'DAY' | 'MONTH';
  /** null: the configured one. */
  readonly zone: string | null;
  readonly days: number;
}

const question: fc.Arbitrary<Question> = fc.record({
  bucket: fc.constantFrom('QUARTER_HOUR', 'HOUR', 'DAY', 'MONTH'),
  zone: fc.constantFrom(null, ...ZONES),
  days: fc.integer({ min: 0, max: 12 }),
});

describe('whatever happens to the zone, the clock and what is kept', () => {
  it('each level has every byte since the time from which it is kept, and each series is right', async () => {
    const { db, path } = await openedDatabase();
    const outcomes = { answered: 0, rejected: 0 };
    const live = async (steps: readonly Step[], questions: readonly Question[]) => {
      for (const table of [...LEVELS, 'Meta']) await db.$executeRawUnsafe(`DELETE FROM "${table}"`);
      const model = new Model(db);
      await model.take({ kind: 'zone', name: 'UTC' });
      for (const one of steps) await model.take(one);
      const since = await db.$direct(keptSince);
      const sum = async (level: Level, first: number) =>
        (await rowsOf(db, level)).reduce(
          (all, { startMs, rx }) => (startMs >= first * QUARTER_MS ? all + Number(rx) : all),
          0,
        );
      expect(await sum('TrafficDay', -Infinity)).toBe(model.since(-Infinity));
      expect(await sum('TrafficQuarter', since.quarters)).toBe(model.since(since.quarters));
      // An hour of another zone may begin before the time from which hours are kept.
      const inHours = await sum('TrafficHour', since.hours - 3);
      expect(inHours).toBeGreaterThanOrEqual(model.since(since.hours));
      expect(inHours).toBeLessThanOrEqual(model.since(since.hours - 3));
      for (const one of questions) outcomes[await checkSeries(path, model, one)]++;
    };
    const steps = fc.array(step, { minLength: 5, maxLength: 25, size: 'max' });
    const questions = fc.array(question, { minLength: 4, maxLength: 4 });
    await fc.assert(fc.asyncProperty(steps, questions, live), { numRuns: 60 });
    expect(outcomes.answered).toBeGreaterThan(outcomes.rejected / 4);
  }, 60_000);
});
