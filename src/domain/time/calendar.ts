import { Temporal } from 'temporal-polyfill';
import { stretchesOf } from './zone-offset.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The end of the last four-digit year. */
export const LAST_TIME = new Date('9999-12-31T23:59:59Z');
const LAST_TIME_TEXT = '9999-12-31T23:59:59';

/** The year 9999 ends first in the zone UTC+14, and last 12 hours after its end in UTC. */
const LAST_TIME_BEGINS_MS = Date.parse('9999-12-31T09:59:59Z');

/**
 * Whether a time means the end of 9999, which is treated as one instant in all zones. Clients send it for
 * "never". Later local times have five-digit years, which clients cannot parse.
 */
export function isLastTime(at: Date): boolean {
  return at.getTime() >= LAST_TIME_BEGINS_MS;
}

/** The calendar of one time zone: its days and months, and the format of its local times. */
export interface Calendar {
  readonly timeZone: string;
  /** Formats the local time as `YYYY-MM-DD HH:MM:SS`. */
  formatTime(at: Date): string;
  /** Formats the local day as `YYYY-MM-DD`. */
  formatDay(at: Date): string;
  /** The first instant of the local day that contains `at`. Some days have 23 or 25 hours. */
  startOfDay(at: Date): Date;
  startOfHour(at: Date): Date;
  startOfMonth(at: Date): Date;
  /** The first instant of the Monday of the local week that contains `at`. */
  startOfWeek(at: Date): Date;
  /** The start of the local day that is `days` after the one that contains `at`; negative: before it. */
  addDays(at: Date, days: number): Date;
  addMonths(at: Date, months: number): Date;
  /** The end of the local hour that contains `at`. */
  endOfHour(at: Date): Date;
  /** Parses a local time `YYYY-MM-DD HH:MM:SS`; null if the text is not one. */
  parseTime(text: string): Date | null;
  /** Parses a local day `YYYY-MM-DD` to its start; null if there is no such day. */
  parseDay(text: string): Date | null;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The calendar of an IANA time zone. Computes with the UTC offset unless a transition is near: looking up the
 * zone's rules takes 40 µs, and a chart has 10 000 points. Throws a RangeError if the zone does not exist.
 */
export function calendarOf(timeZone: string): Calendar {
  const stretchAt = stretchesOf(timeZone);
  /** The local time, represented as if it were UTC. */
  const localOf = (at: Date) => new Date(at.getTime() + stretchAt(at.getTime()).offsetMs);
  const localText = (at: Date) =>
    isLastTime(at) ? LAST_TIME_TEXT : localOf(at).toISOString().slice(0, 19);

  /** The first instant of a local day; `midnight` is its local midnight, represented as if it were UTC. */
  const startOf = (midnight: Date): Date => {
    const roughly = midnight.getTime() - stretchAt(midnight.getTime()).offsetMs;
    const { fromMs, untilMs, offsetMs } = stretchAt(roughly);
    const startMs = midnight.getTime() - offsetMs;
    // No transition is longer than a day, so the whole day is after the last one.
    if (fromMs + DAY_MS <= startMs && startMs < untilMs) return new Date(startMs);
    const date = Temporal.Instant.fromEpochMilliseconds(midnight.getTime())
      .toZonedDateTimeISO('UTC')
      .toPlainDate();
    return dateOf(date.toZonedDateTime(timeZone));
  };
  const daysFrom = (at: Date, daysOf: (local: Date) => number) => {
    const local = localOf(at);
    local.setUTCDate(local.getUTCDate() + daysOf(local));
    return startOf(new Date(local.setUTCHours(0, 0, 0, 0)));
  };
  const monthsFrom = (at: Date, months: number) => {
    const local = localOf(at);
    local.setUTCMonth(local.getUTCMonth() + months, 1);
    return startOf(new Date(local.setUTCHours(0, 0, 0, 0)));
  };
  /** At a transition of half an hour, the adjacent hours end or begin at the transition. */
  const hourOf = (at: Date) => {
    const { fromMs, untilMs, offsetMs } = stretchAt(at.getTime());
    const fullMs = Math.floor((at.getTime() + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
    return {
      start: new Date(Math.max(fullMs, fromMs)),
      end: new Date(Math.min(fullMs + HOUR_MS, untilMs)),
    };
  };

  return {
    timeZone,
    formatTime: (at) => localText(at).replace('T', ' '),
    formatDay: (at) => localText(at).slice(0, 10),
    startOfDay: (at) => daysFrom(at, () => 0),
    startOfHour: (at) => hourOf(at).start,
    startOfMonth: (at) => monthsFrom(at, 0),
    // getUTCDay() counts from Sunday.
    startOfWeek: (at) => daysFrom(at, (local) => -((local.getUTCDay() + 6) % 7)),
    addDays: (at, days) => daysFrom(at, () => days),
    addMonths: monthsFrom,
    endOfHour: (at) => hourOf(at).end,
    parseTime: (text) => {
      const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:[0-5]\d)$/.exec(text);
      return match === null
        ? null
        : nullOnRangeError(() =>
            dateOf(
              Temporal.PlainDateTime.from(`${match[1]}T${match[2]}`, {
                overflow: 'reject',
              }).toZonedDateTime(timeZone),
            ),
          );
    },
    parseDay: (text) =>
      /^\d{4}-\d\d-\d\d$/.test(text)
        ? nullOnRangeError(() =>
            dateOf(Temporal.PlainDate.from(text, { overflow: 'reject' }).toZonedDateTime(timeZone)),
          )
        : null,
  };
}

/** Parses an ISO 8601 time with an offset (`Z` or `±HH:MM`); null if the text is not one. */
export function parseInstant(text: string): Date | null {
  return nullOnRangeError(() => new Date(Temporal.Instant.from(text).epochMilliseconds));
}

function dateOf({ epochMilliseconds }: Temporal.ZonedDateTime): Date {
  return new Date(epochMilliseconds);
}

function nullOnRangeError(parse: () => Date): Date | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
