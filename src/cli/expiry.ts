import { type Calendar, parseInstant } from '../domain/time/calendar.ts';

const DURATION = /^(\d{1,6})([hdwy])$/;
const HOUR_MS = 3_600_000;
const HOURS = { h: 1, d: 24, w: 7 * 24, y: 365 * 24 } as const;

/**
 * Parses a duration from now, a date (its end, in the configured time zone), a local time, or ISO 8601
 * with an offset; returns null if it is none of these.
 */
export function expiryOf(text: string, now: Date, calendar: Calendar): Date | null {
  const hours = hoursOf(text);
  if (hours !== null) return new Date(now.getTime() + hours * HOUR_MS);
  const day = calendar.parseDay(text);
  return day === null ? (calendar.parseTime(text) ?? parseInstant(text)) : calendar.addDays(day, 1);
}

/** Parses a duration such as 12h, 30d, 8w or 1y as hours; null if it is none. */
export function hoursOf(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count === undefined ? null : Number(count) * HOURS[unit as keyof typeof HOURS];
}
