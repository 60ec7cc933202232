import { beforeEach, describe, expect, it } from 'vitest';
import { rangeOf } from '../../web/charts/range.ts';
import { setTimeZone } from '../../web/text/times.ts';

const now = Date.parse('2026-11-27T19:31:12Z');
const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

describe('the range of a chart', () => {
  beforeEach(() => setTimeZone('Asia/Shanghai'));

  it.each([
    ['7', '2026-11-21T16:00:00.000Z', 'HOUR'],
    ['30', '2026-10-29T16:00:00.000Z', 'DAY'],
    ['365', '2025-11-28T16:00:00.000Z', 'DAY'],
  ] as const)('of %s days has so many whole days, with today', (span, from, bucket) => {
    const range = rangeOf(span, '', now);
    expect([time(range.fromMs), range.toMs, range.bucket]).toEqual([from, null, bucket]);
  });

  it('of 24 hours begins at a whole hour, and of everything at the beginning', () => {
    expect(time(rangeOf('1', '', now).fromMs)).toBe('2026-11-26T19:00:00.000Z');
    expect(rangeOf('all', '', now)).toEqual({ fromMs: null, toMs: null, bucket: 'MONTH' });
  });

  it('is that of a zoom, in the finest bars for its length', () => {
    const fromMs = now - 7_200_000;
    expect(rangeOf('30', `${fromMs}-${now}`, now)).toEqual({
      ...{ fromMs, toMs: now, bucket: 'QUARTER_HOUR' },
    });
  });

  it.each(['9-99999999999999999', '5-4', 'x', `${now}-${now + 1000}`, '0-7200000'])(
    'is not that of the zoom %s, which cannot be',
    (zoom) => {
      expect(rangeOf('all', zoom, now).bucket).toBe('MONTH');
    },
  );
});
