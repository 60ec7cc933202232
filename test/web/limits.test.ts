import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { forecastOf } from '../../web/limits/forecast.ts';
import {
  bandwidthAmountOf,
  bandwidthLimitOf,
  dataAmountOf,
  dataLimitOf,
} from '../../web/limits/units.ts';
import { setTimeZone } from '../../web/text/times.ts';

describe('limits in the units that people use', () => {
  it('a data limit is counted in units of 1024', () => {
    expect(dataLimitOf({ number: '50', unit: 'GB' })).toBe(51_200);
    expect(dataLimitOf({ number: '1,5', unit: 'TB' })).toBe(1_572_864);
  });

  it('a bandwidth limit is counted in decimal bits', () => {
    expect(bandwidthLimitOf({ number: '10', unit: 'Mbit/s' })).toBe(1_221);
    expect(bandwidthLimitOf({ number: '1', unit: 'Gbit/s' })).toBe(122_070);
  });

  it('an empty text is no limit, and a small number is never rounded to none', () => {
    expect(dataLimitOf({ number: ' ', unit: 'GB' })).toBe(0);
    expect(dataLimitOf({ number: '0.0001', unit: 'MB' })).toBe(1);
    expect(bandwidthLimitOf({ number: '1', unit: 'kbit/s' })).toBe(1);
  });

  it.each(['x', '-1', '1e99', '1 2', 'Infinity'])('%s is not a limit', (number) => {
    expect(dataLimitOf({ number, unit: 'GB' })).toBeNull();
    expect(bandwidthLimitOf({ number, unit: 'Mbit/s' })).toBeNull();
  });

  it('a limit that is shown and saved again stays the same', () => {
    const limit = fc.integer({ min: 0, max: 2_147_483_647 });
    fc.assert(
      fc.property(limit, (stored) => {
        expect(dataLimitOf(dataAmountOf(stored))).toBe(stored);
        expect(bandwidthLimitOf(bandwidthAmountOf(stored))).toBe(stored);
      }),
    );
  });

  it('a round limit is shown as a short number', () => {
    expect(dataAmountOf(51_200)).toEqual({ number: '50', unit: 'GB' });
    expect(bandwidthAmountOf(1_221)).toEqual({ number: '10', unit: 'Mbit/s' });
  });
});

describe('the forecast of a quota', () => {
  const now = Date.parse('2026-11-16T00:00:00Z');
  const month = { bytes: 0, elapsedMs: 0 };
  const resetsAt = '2026-12-01T00:00:00Z';
  beforeEach(() => setTimeZone('UTC'));

  it('is the time at which the rest is used up at the rate of the period', () => {
    // Half of the month used two thirds: the last third lasts a quarter of the month.
    const quota = { used: '200', left: '100', period: 'MONTH', resetsAt } as const;
    expect(forecastOf(quota, now, month)).toEqual({
      kind: 'empty',
      at: Date.parse('2026-11-23T12:00:00Z'),
    });
  });

  it('counts the days of the period in the time zone of the server', () => {
    setTimeZone('Pacific/Auckland');
    // November has 30 days there, the first 15 of which are over.
    const quota = {
      used: '150',
      left: '100',
      period: 'MONTH',
      resetsAt: '2026-11-30T11:00:00Z',
    } as const;
    const half = Date.parse('2026-11-15T11:00:00Z');
    expect(forecastOf(quota, half, month)).toEqual({ kind: 'empty', at: half + 10 * 86_400_000 });
  });

  it('says that the quota lasts if the period ends before', () => {
    const quota = { used: '100', left: '200', period: 'MONTH', resetsAt } as const;
    expect(forecastOf(quota, now, month)).toEqual({ kind: 'lasts' });
  });

  it('uses the rate of the month for a quota without a period', () => {
    const quota = { used: '900', left: '100', period: 'NONE', resetsAt: null } as const;
    const forecast = forecastOf(quota, now, { bytes: 50, elapsedMs: 86_400_000 });
    expect(forecast).toEqual({ kind: 'empty', at: now + 2 * 86_400_000 });
  });

  it('is unknown beyond a year for a quota without a period', () => {
    const quota = { used: '1', left: '99', period: 'NONE', resetsAt: null } as const;
    const slow = { bytes: 1, elapsedMs: 10 * 86_400_000 };
    expect(forecastOf(quota, now, slow).kind).toBe('unknown');
  });

  it('is unknown in the first hour, without a limit and when nothing is left', () => {
    const early = Date.parse('2026-11-01T00:30:00Z');
    const quota = { used: '1', left: '99', period: 'MONTH', resetsAt } as const;
    expect(forecastOf(quota, early, month).kind).toBe('unknown');
    expect(forecastOf({ ...quota, left: null }, now, month).kind).toBe('unknown');
    expect(forecastOf({ ...quota, left: '0' }, now, month).kind).toBe('unknown');
  });
});
