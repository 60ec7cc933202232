import { type Calendar, parseInstant } from '../domain/time/calendar.ts';

const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::(\d\d)(?:\.\d{1,9})?)?$/;

/**
 * Parses a day (its start), a local time or a time with an offset, to the second, as all expiries are kept. null
 * if there is none, undefined if the value is not a time.
 */
export function expiryOf(value: unknown, calendar: Calendar): Date | null | undefined {
  if (value === null || value === undefined || value === '') return null;
  const at = typeof value === 'string' ? timeOf(value.trim(), calendar) : null;
  return at === null ? undefined : new Date(Math.floor(at.getTime() / 1000) * 1000);
}

function timeOf(text: string, calendar: Calendar): Date | null {
  const [, day, minute, second = '00'] = LOCAL_TIME.exec(text) ?? [];
  const local = day === undefined ? null : calendar.parseTime(`${day} ${minute}:${second}`);
  return local ?? calendar.parseDay(text) ?? parseInstant(text);
}
