import { Temporal } from 'temporal-polyfill';

const SLOT_MS = 15 * 60_000;

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

export function systemTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The calendar of an IANA zone. Throws a RangeError for a zone that does not exist. */
export function calendarOf(timeZone: string): Calendar {
  const zoned = (at: Date) =>
    Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const dateOf = (time: Temporal.ZonedDateTime | Temporal.Instant) =>
    new Date(time.epochMilliseconds);
  const localText = localTextOf((at) => zoned(at).offsetNanoseconds / 1e6);
  // Where the clock is turned by half an hour, the turn itself bounds the hours beside it.
  const startOfHour = (at: Date) => {
    const local = zoned(at);
    const sinceFullMs = (local.minute * 60 + local.second) * 1000 + local.millisecond;
    const full = new Date(at.getTime() - sinceFullMs);
    if (zoned(full).offsetNanoseconds === local.offsetNanoseconds) return full;
    const turn = zoned(new Date(at.getTime() + 1)).getTimeZoneTransition('previous');
    return turn === null ? full : dateOf(turn);
  };
  const endOfHour = (at: Date) => {
    const start = zoned(startOfHour(at));
    const full = new Date(start.epochMilliseconds + (60 - start.minute) * 60_000);
    const isSameOffset =
      zoned(new Date(full.getTime() - 1)).offsetNanoseconds === start.offsetNanoseconds;
    const turn = isSameOffset ? null : start.getTimeZoneTransition('next');
    return turn === null ? full : dateOf(turn);
  };

  return {
    timeZone,
    formatTime: (at) => localText(at).replace('T', ' '),
    formatDay: (at) => localText(at).slice(0, 10),
    startOfDay: (at) => dateOf(zoned(at).startOfDay()),
    startOfHour,
    startOfMonth: (at) => dateOf(zoned(at).with({ day: 1 }).startOfDay()),
    startOfWeek: (at) => {
      const local = zoned(at);
      return dateOf(local.subtract({ days: local.dayOfWeek - 1 }).startOfDay());
    },
    addDays: (at, days) => dateOf(zoned(at).startOfDay().add({ days }).startOfDay()),
    addMonths: (at, months) => dateOf(zoned(at).with({ day: 1 }).add({ months }).startOfDay()),
    endOfHour,
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

/** When the quota period that holds an instant began; null where there is no period. */
export function periodStart(calendar: Calendar, period: string, at: Date): Date | null {
  switch (period) {
    case 'DAY':
      return calendar.startOfDay(at);
    case 'WEEK':
      return calendar.startOfWeek(at);
    case 'MONTH':
      return calendar.startOfMonth(at);
    default:
      return null;
  }
}

/** When the next one begins; null where there is no period. */
export function nextPeriodStart(calendar: Calendar, period: string, at: Date): Date | null {
  switch (period) {
    case 'DAY':
      return calendar.addDays(at, 1);
    case 'WEEK':
      return calendar.addDays(calendar.startOfWeek(at), 7);
    case 'MONTH':
      return calendar.addMonths(at, 1);
    default:
      return null;
  }
}

/** An ISO 8601 time that names its offset (`Z` or `±HH:MM`); null when the text is none. */
export function parseInstant(text: string): Date | null {
  return attempt(() => new Date(Temporal.Instant.from(text).epochMilliseconds));
}

/**
 * Writes local times. Zone offsets only change on quarter hours, so each quarter hour is asked of
 * the zone's rules once: a list of 10 000 users holds 40 000 times.
 */
function localTextOf(offsetMs: (at: Date) => number): (at: Date) => string {
  const offsets = new Map<number, number>();
  return (at) => {
    const slot = Math.floor(at.getTime() / SLOT_MS);
    let offset = offsets.get(slot);
    if (offset === undefined) {
      if (offsets.size > 10_000) offsets.clear();
      offset = offsetMs(at);
      offsets.set(slot, offset);
    }
    return new Date(at.getTime() + offset).toISOString().slice(0, 19);
  };
}

function attempt(parse: () => Date): Date | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
