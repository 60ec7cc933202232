import { Temporal } from 'temporal-polyfill';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { calendarOf, isTimeZone, parseInstant } from '../../../src/domain/time/calendar.ts';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 15 * 60_000;

const at = (text: string) => new Date(text);
const hoursOfDay = (timeZone: string, text: string) => {
  const calendar = calendarOf(timeZone);
  const start = calendar.startOfDay(at(text));
  return (calendar.addDays(start, 1).getTime() - start.getTime()) / HOUR_MS;
};

describe('a local day', () => {
  it.each([
    ['UTC', '2026-03-08T12:00:00Z', 24],
    ['Asia/Shanghai', '2026-03-08T12:00:00Z', 24],
    ['Asia/Kolkata', '2026-03-08T12:00:00Z', 24],
    ['America/New_York', '2026-03-08T17:00:00Z', 23],
    ['America/New_York', '2026-11-01T17:00:00Z', 25],
    ['Australia/Lord_Howe', '2026-10-04T01:00:00Z', 23.5],
    ['Australia/Lord_Howe', '2026-04-05T01:00:00Z', 24.5],
    ['Africa/Cairo', '2026-04-24T10:00:00Z', 23],
  ])('in %s around %s has %d hours', (timeZone, text, hours) => {
    expect(hoursOfDay(timeZone, text)).toBe(hours);
  });

  it('starts at local midnight, or at the first instant after it', () => {
    const start = (timeZone: string, text: string) =>
      calendarOf(timeZone).startOfDay(at(text)).toISOString();
    expect(start('Asia/Shanghai', '2026-01-15T16:00:00Z')).toBe('2026-01-15T16:00:00.000Z');
    expect(start('Asia/Shanghai', '2026-01-15T15:59:59Z')).toBe('2026-01-14T16:00:00.000Z');
    expect(start('Asia/Kolkata', '2026-01-15T12:00:00Z')).toBe('2026-01-14T18:30:00.000Z');
    // Cairo goes from 23:59:59 to 01:00:00 that night.
    expect(start('Africa/Cairo', '2026-04-24T10:00:00Z')).toBe('2026-04-23T22:00:00.000Z');
  });

  it('is counted forward and back across daylight saving time', () => {
    const calendar = calendarOf('America/New_York');
    const day = (text: string, days: number) =>
      calendar.formatDay(calendar.addDays(at(text), days));
    expect(day('2026-03-09T03:59:00Z', -1)).toBe('2026-03-07');
    expect(day('2026-03-08T17:00:00Z', 1)).toBe('2026-03-09');
    expect(day('2026-11-01T17:00:00Z', 1)).toBe('2026-11-02');
    expect(day('2026-11-30T17:00:00Z', -365)).toBe('2025-11-30');
    expect(day('2024-02-28T17:00:00Z', 1)).toBe('2024-02-29');
  });
});

describe('local hours', () => {
  it.each([
    ['UTC', '2026-03-08T00:00:00Z'],
    ['Asia/Kolkata', '2026-03-08T00:00:00Z'],
    ['Asia/Kathmandu', '2026-03-08T00:00:00Z'],
    ['America/New_York', '2026-03-08T00:00:00Z'],
    ['America/New_York', '2026-11-01T00:00:00Z'],
    ['Africa/Cairo', '2026-04-23T12:00:00Z'],
    ['Africa/Cairo', '2026-10-29T12:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T06:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T06:00:00Z'],
  ])('in %s from %s follow one another without gap or overlap', (timeZone, text) => {
    const calendar = calendarOf(timeZone);
    const fromMs = at(text).getTime();
    for (let ms = fromMs; ms < fromMs + 24 * HOUR_MS; ms += QUARTER_MS) {
      const instant = new Date(ms);
      const start = calendar.startOfHour(instant);
      const end = calendar.endOfHour(instant);
      const shown = [instant, start, end].map((date) => date.toISOString());
      expect([shown, start <= instant && instant < end]).toEqual([shown, true]);
      expect([shown, calendar.startOfHour(start)]).toEqual([shown, start]);
      expect([shown, calendar.startOfHour(new Date(end.getTime() - 1))]).toEqual([shown, start]);
      expect([shown, calendar.startOfHour(end)]).toEqual([shown, end]);
      expect([shown, calendar.startOfDay(start)]).toEqual([shown, calendar.startOfDay(instant)]);
    }
  });
});

it('the rules of a zone are looked up only a few times for all hours of a year', () => {
  const asked = vi.spyOn(Temporal.Instant, 'fromEpochMilliseconds');
  onTestFinished(() => asked.mockRestore());
  const calendar = calendarOf('America/New_York');
  const end = at('2027-01-01T00:00:00Z');
  let count = 0;
  for (let start = at('2026-01-01T00:00:00Z'); start < end; start = calendar.endOfHour(start))
    count++;
  expect(count).toBe(365 * 24);
  expect(asked.mock.calls.length).toBeLessThan(20);
});

describe('weeks and months', () => {
  const calendar = calendarOf('Asia/Shanghai');

  it('start on Monday and on the first, at local midnight', () => {
    const thursday = at('2026-01-15T12:00:00Z');
    expect(calendar.formatTime(calendar.startOfWeek(thursday))).toBe('2026-01-12 00:00:00');
    const monday = at('2026-01-11T16:00:00Z');
    expect(calendar.startOfWeek(monday)).toEqual(monday);
    const sunday = at('2026-01-11T15:59:59Z');
    expect(calendar.formatTime(calendar.startOfWeek(sunday))).toBe('2026-01-05 00:00:00');
    expect(calendar.formatTime(calendar.startOfMonth(thursday))).toBe('2026-01-01 00:00:00');
  });

  it('are counted from the first day, so that none is skipped', () => {
    const day = (text: string, months: number) =>
      calendar.formatDay(calendar.addMonths(at(text), months));
    expect(day('2026-01-31T12:00:00Z', 1)).toBe('2026-02-01');
    expect(day('2026-03-31T12:00:00Z', -1)).toBe('2026-02-01');
    expect(day('2026-01-15T12:00:00Z', -11)).toBe('2025-02-01');
  });
});

describe('local times in text', () => {
  it.each([
    ['UTC', '2026-01-15T12:00:00Z', '2026-01-15 12:00:00'],
    ['Asia/Shanghai', '2026-01-15T16:00:00Z', '2026-01-16 00:00:00'],
    ['Asia/Kathmandu', '2026-01-15T12:00:00Z', '2026-01-15 17:45:00'],
    ['America/New_York', '2026-03-08T06:59:59Z', '2026-03-08 01:59:59'],
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08 03:00:00'],
    ['Australia/Lord_Howe', '2026-04-04T15:30:00Z', '2026-04-05 02:00:00'],
  ])('of %s at %s are written %s', (timeZone, instant, text) => {
    const calendar = calendarOf(timeZone);
    expect(calendar.formatTime(at(instant))).toBe(text);
    expect(calendar.formatDay(at(instant))).toBe(text.slice(0, 10));
    expect(calendar.parseTime(text)).toEqual(at(instant));
  });

  it.each([
    '',
    '2026-01-15',
    '2026-01-15T12:00:00',
    '2026-02-30 12:00:00',
    '2026-01-15 24:00:00',
    '2026-01-15 12:60:00',
    '2026-01-15 12:00:60',
    '2026-01-15 12:00:00Z',
  ])('are not parsed if they are not valid: %j', (text) => {
    expect(calendarOf('UTC').parseTime(text)).toBeNull();
  });

  it('are parsed as the start of a day', () => {
    const calendar = calendarOf('Asia/Kolkata');
    expect(calendar.parseDay('2026-01-15')).toEqual(at('2026-01-14T18:30:00Z'));
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '15.01.2026', '']) {
      expect([text, calendar.parseDay(text)]).toEqual([text, null]);
    }
  });
});

describe('an instant in text', () => {
  it('must have an offset', () => {
    expect(parseInstant('2026-01-15T12:00:00Z')).toEqual(at('2026-01-15T12:00:00Z'));
    expect(parseInstant('2026-01-15T12:00:00.123+05:30')).toEqual(at('2026-01-15T06:30:00.123Z'));
    for (const text of ['2026-01-15T12:00:00', '2026-01-15', 'now', '', '1768478400000']) {
      expect([text, parseInstant(text)]).toEqual([text, null]);
    }
  });
});

describe('time zones', () => {
  it('are known by their IANA names', () => {
    expect(isTimeZone('Asia/Shanghai')).toBe(true);
    expect(isTimeZone('Asia/Atlantis')).toBe(false);
    expect(isTimeZone('')).toBe(false);
    expect(() => calendarOf('Asia/Atlantis').startOfDay(new Date())).toThrow(RangeError);
  });
});
