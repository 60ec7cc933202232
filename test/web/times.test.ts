import { beforeEach, describe, expect, it } from 'vitest';
import { onlineDays } from '../../web/sessions/days.ts';
import { setTimeZone, startOfDay, startOfMonth } from '../../web/text/times.ts';
import { timeOfWall, wallTimeOf } from '../../web/text/zone-time.ts';

const at = (text: string) => Date.parse(text);

describe('the wall clock of a time zone', () => {
  it('gives the time that it shows', () => {
    expect(timeOfWall('2026-11-27T08:00', 'Asia/Shanghai')).toBe(at('2026-11-27T00:00:00Z'));
    expect(wallTimeOf(at('2026-07-01T12:30:00Z'), 'Europe/Berlin')).toBe('2026-07-01T14:30');
  });

  it('is right on both sides of a change of the clocks', () => {
    expect(timeOfWall('2026-03-29T01:30', 'Europe/Berlin')).toBe(at('2026-03-29T00:30:00Z'));
    expect(timeOfWall('2026-03-29T03:30', 'Europe/Berlin')).toBe(at('2026-03-29T01:30:00Z'));
    expect(timeOfWall('2026-10-25T12:00', 'Europe/Berlin')).toBe(at('2026-10-25T11:00:00Z'));
  });
});

describe('the days of a user', () => {
  beforeEach(() => setTimeZone('Europe/Berlin'));

  const options = {
    days: 3,
    nowMs: at('2026-10-26T11:00:00Z'),
    gaps: [{ fromMs: 0, toMs: at('2026-10-24T22:00:00Z') }],
    startOfDay,
  };

  it('begin at midnight in the time zone of the server, also when the clocks change', () => {
    const days = onlineDays([], options);
    expect(days.map(({ key }) => key)).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
    const hours = days.map(({ startMs, endMs }) => (endMs - startMs) / 3_600_000);
    expect(hours).toEqual([24, 25, 24]);
  });

  it('divide a session at midnight, and count an open one up to now', () => {
    const spans = [
      { startedAt: '2026-10-25T22:00:00Z', endedAt: '2026-10-26T00:00:00Z' },
      { startedAt: '2026-10-26T10:00:00Z', endedAt: null },
    ];
    const days = onlineDays(spans, options);
    expect(days.map(({ onlineMs }) => onlineMs / 3_600_000)).toEqual([0, 1, 2]);
    // Twelve hours of today are over.
    expect(days[2]?.share).toBeCloseTo(2 / 12);
  });

  it('of which a part was not recorded have the share of the rest', () => {
    const gaps = [{ fromMs: at('2026-10-25T04:00:00Z'), toMs: at('2026-10-25T23:00:00Z') }];
    const spans = [{ startedAt: '2026-10-25T00:00:00Z', endedAt: '2026-10-25T03:00:00Z' }];
    // Of the 25 hours of the day, 19 were not recorded.
    expect(onlineDays(spans, { ...options, gaps })[1]?.share).toBeCloseTo(3 / 6);
  });

  it('before the record have no share', () => {
    expect(onlineDays([], options).map(({ share }) => share)).toEqual([null, 0, 0]);
  });

  it('the month begins at midnight in the time zone of the server', () => {
    expect(startOfMonth(at('2026-10-31T23:30:00Z'))).toBe(at('2026-10-31T23:00:00Z'));
  });
});
