import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayAfter, MAX_DELAY_MS, retryAfterMs } from '../../../src/domain/webhook/schedule.ts';

const HOUR = 3_600_000;

describe('the schedule', () => {
  it('is the recommended one, of ten attempts in 75.6 hours', () => {
    const delays = Array.from({ length: 10 }, (_, attempts) => delayAfter(attempts, 0.5, null));
    expect(delays.slice(0, 4)).toEqual([0, 5_000, 300_000, 1_800_000]);
    expect(delays.slice(4)).toEqual([2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR));
    const total = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0);
    expect(Math.round(total / (HOUR / 10)) / 10).toBe(75.6);
    expect(delayAfter(10, 0.5, null)).toBe(null);
  });

  it('varies each delay by a tenth, and waits as long as asked, at most a day', () => {
    expect([delayAfter(1, 0, null), delayAfter(1, 1, null)]).toEqual([4_500, 5_500]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.option(fc.integer({ min: 0 })),
        (attempts, random, askedMs) => {
          const delay = delayAfter(attempts, random, askedMs) ?? Number.NaN;
          expect(delay).toBeGreaterThanOrEqual(Math.min(askedMs ?? 0, 24 * HOUR));
          expect(delay).toBeLessThanOrEqual(MAX_DELAY_MS);
        },
      ),
    );
  });

  it('reads retry-after as seconds or as a date', () => {
    const nowMs = Date.UTC(2030, 0, 1);
    expect(retryAfterMs('120', nowMs)).toBe(120_000);
    expect(retryAfterMs(new Date(nowMs + 60_000).toUTCString(), nowMs)).toBe(60_000);
    expect(retryAfterMs(new Date(nowMs - 60_000).toUTCString(), nowMs)).toBe(0);
    for (const text of [undefined, '', 'soon', '-1']) {
      expect(retryAfterMs(text, nowMs) ?? 0).toBe(0);
    }
  });
});
