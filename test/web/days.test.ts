import { afterEach, describe, expect, it } from 'vitest';
import { beginOfDay, endOfDay } from '../../web/text/days.ts';
import { setTimeZone } from '../../web/text/times.ts';

afterEach(() => setTimeZone('UTC'));

const bounds = (day: string) => [beginOfDay(day)?.toISOString(), endOfDay(day)?.toISOString()];

describe('a calendar day of the server', () => {
  it.each([
    ['UTC', '2026-11-27', '2026-11-27T00:00:00.000Z', '2026-11-28T00:00:00.000Z'],
    ['Asia/Shanghai', '2026-11-27', '2026-11-26T16:00:00.000Z', '2026-11-27T16:00:00.000Z'],
    ['America/New_York', '2026-12-31', '2026-12-31T05:00:00.000Z', '2027-01-01T05:00:00.000Z'],
    // 23 and 25 hours long.
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ])('begins and ends by the clocks of %s: %s', (zone, day, start, end) => {
    setTimeZone(zone);
    expect(bounds(day)).toEqual([start, end]);
  });

  it.each(['', 'yesterday', '2026-13-45', '2026-1-1'])('is not %j', (day) => {
    expect(beginOfDay(day)).toBeNull();
    expect(endOfDay(day)).toBeNull();
  });
});
