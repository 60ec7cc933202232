import { Temporal } from 'temporal-polyfill';
import { stretchesOf } from './zone-offset.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The end of the last year that has four digits. */
export const LAST_TIME = new Date('9999-12-31T23:59:59Z');
const LAST_TIME_TEXT = '9999-12-31T23:59:59';

/** 9999 ends in the first zone before it ends in UTC, and in the last one half a day after. */
const LAST_TIME_BEGINS_MS = Date.parse('9999-12-31T09:59:59Z');

/**
 * Whether a time stands for the end of 9999, which is one instant in all zones: people write it for "never",
 * and after it a zone's clock shows years of five digits, which no client reads.
 */
export function isLastTime(at: Date): boolean {
  return at.getTime() >= LAST_TIME_BEGINS_MS;
}

/** The calendar of one time zone: its days, its months, and how its local times are written. */
export interface Calendar {
  readonly timeZone: string;
  /** `YYYY-MM-DD HH:MM:SS` on the zone's clock. */
  formatTime(at: Date): string;
  /** `YYYY-MM-DD`. */
  formatDay(at: Date): string;
  /** The first instant of the local day that holds `at`; days have 23 or 25 hours at times. */
  startOfDay(at: Date): Date;
  startOfHour(at: Date): Date;
  startOfMonth(at: Date): Date;
  /** The first instant of the Monday of the local week that holds `at`. */
  startOfWeek(at: Date): Date;
  /** The start of the local day that lies `days` after (or before) the one that holds `at`. */
  addDays(at: Date, days: number): Date;
  addMonths(at: Date, months: number): Date;
  /** The end of the local hour that holds `at`. */
  endOfHour(at: Date): Date;
  /** The instant of `YYYY-MM-DD HH:MM:SS` on the zone's clock; null when it is no such time. */
  parseTime(text: string): Date | null;
  /** The start of the local day `YYYY-MM-DD`; null when there is no such day. */
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
 * The calendar of an IANA zone, by arithmetic wherever the clock is not turned nearby: the zone's rules take
 * 40 µs to ask, and a chart has 10 000 points. Throws a RangeError for a zone that does not exist.
 */
export function calendarOf(timeZone: string): Calendar {
  const stretchAt = stretchesOf(timeZone);
  /** What the zone's clock shows, read as UTC. */
  const localOf = (at: Date) => new Date(at.getTime() + stretchAt(at.getTime()).offsetMs);
  const localText = (at: Date) =>
    isLastTime(at) ? LAST_TIME_TEXT : localOf(at).toISOString().slice(0, 19);

  /** The first instant of a local day; `midnight` is that of its clock, read as UTC. */
  const startOf = (midnight: Date): Date => {
    const roughly = midnight.getTime() - stretchAt(midnight.getTime()).offsetMs;
    const { fromMs, untilMs, offsetMs } = stretchAt(roughly);
    const startMs = midnight.getTime() - offsetMs;
    // No clock was ever turned by more than a day, so that none of the day lies before the turn.
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
  /** Where the clock is turned by half an hour, the turn itself bounds the hours beside it. */
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
    // Its own count of the week begins with Sunday.
    startOfWeek: (at) => daysFrom(at, (local) => -((local.getUTCDay() + 6) % 7)),
    addDays: (at, days) => daysFrom(at, () => days),
    addMonths: monthsFrom,
    endOfHour: (at) => hourOf(at).end,
    parseTime: (text) => {
      const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:[0-5]\d)$/.exec(text);
      return match === null
        ? null
        : attempt(() =>
            dateOf(
              Temporal.PlainDateTime.from(`${match[1]}T${match[2]}`, {
                overflow: 'reject',
              }).toZonedDateTime(timeZone),
            ),
          );
    },
    parseDay: (text) =>
      /^\d{4}-\d\d-\d\d$/.test(text)
        ? attempt(() =>
            dateOf(Temporal.PlainDate.from(text, { overflow: 'reject' }).toZonedDateTime(timeZone)),
          )
        : null,
  };
}

/** An ISO 8601 time that names its offset (`Z` or `±HH:MM`); null when the text is none. */
export function parseInstant(text: string): Date | null {
  return attempt(() => new Date(Temporal.Instant.from(text).epochMilliseconds));
}

function dateOf({ epochMilliseconds }: Temporal.ZonedDateTime): Date {
  return new Date(epochMilliseconds);
}

function attempt(parse: () => Date): Date | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
