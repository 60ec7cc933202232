import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { type Calendar, calendarOf } from '../../../src/domain/time/calendar.ts';

/** Turns by an hour and by half of one, at midnight, over midnight, at 00:01, by a whole day, and none. */
const ZONES = [
  'UTC',
  'Asia/Kathmandu',
  'America/New_York',
  'America/Havana',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Pacific/Apia',
] as const;

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(1970, 0, 1);
const LAST_MS = Date.UTC(2060, 0, 1);

type Steps = Pick<
  Calendar,
  | 'startOfDay'
  | 'startOfHour'
  | 'endOfHour'
  | 'startOfWeek'
  | 'startOfMonth'
  | 'addDays'
  | 'addMonths'
  | 'formatTime'
>;

/** The same by asking the zone's rules at each step. */
function askingCalendar(timeZone: string): Steps {
  const zoned = (at: Date) =>
    Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const dateOf = (time: Temporal.ZonedDateTime) => new Date(time.epochMilliseconds);
  const offset = (at: Date) => zoned(at).offsetNanoseconds;
  const startOfHour = (at: Date) => {
    const { minute, second, millisecond } = zoned(at);
    const full = new Date(at.getTime() - (minute * 60 + second) * 1000 - millisecond);
    const turn = zoned(new Date(at.getTime() + 1)).getTimeZoneTransition('previous');
    return offset(full) === offset(at) || turn === null ? full : dateOf(turn);
  };
  const endOfHour = (at: Date) => {
    const start = zoned(startOfHour(at));
    const full = new Date(start.epochMilliseconds + (60 - start.minute) * 60_000);
    const turn = start.getTimeZoneTransition('next');
    const isSame = offset(new Date(full.getTime() - 1)) === start.offsetNanoseconds;
    return isSame || turn === null ? full : dateOf(turn);
  };
  return {
    startOfHour,
    endOfHour,
    startOfDay: (at) => dateOf(zoned(at).startOfDay()),
    startOfWeek: (at) =>
      dateOf(
        zoned(at)
          .subtract({ days: zoned(at).dayOfWeek - 1 })
          .startOfDay(),
      ),
    startOfMonth: (at) => dateOf(zoned(at).with({ day: 1 }).startOfDay()),
    addDays: (at, days) => dateOf(zoned(at).startOfDay().add({ days }).startOfDay()),
    addMonths: (at, months) => dateOf(zoned(at).with({ day: 1 }).add({ months }).startOfDay()),
    formatTime: (at) =>
      zoned(at).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' '),
  };
}

/** The turns of a zone's clock. */
function turnsOf(timeZone: string): number[] {
  const turns: number[] = [];
  let time = Temporal.Instant.fromEpochMilliseconds(FIRST_MS).toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = time.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > LAST_MS) return turns;
    turns.push(next.epochMilliseconds);
    time = next;
  }
}

/** Anywhere, and mostly within a day and a half of a turn. */
function instantOf(timeZone: string): fc.Arbitrary<Date> {
  const anywhere = fc.integer({ min: FIRST_MS / 1000, max: LAST_MS / 1000 }).map((s) => s * 1000);
  // UTC has no turn, and is asked about the beginning instead.
  const nearby = fc
    .tuple(
      fc.constantFrom(FIRST_MS, ...turnsOf(timeZone)),
      fc.integer({ min: -144, max: 144 }),
      fc.constantFrom(0, 1, 7),
    )
    .map(([turn, quarters, ms]) => turn + (quarters * HOUR_MS) / 4 - ms);
  const ms = fc.oneof(anywhere, { arbitrary: nearby, weight: 4 });
  return ms.map((value) => new Date(value));
}

it.each(ZONES)('arithmetic in %s agrees with the rules of the zone', (timeZone) => {
  const calendar = calendarOf(timeZone);
  const asking = askingCalendar(timeZone);
  const all = (steps: Steps, at: Date, count: number) => ({
    startOfHour: steps.startOfHour(at),
    endOfHour: steps.endOfHour(at),
    startOfDay: steps.startOfDay(at),
    startOfWeek: steps.startOfWeek(at),
    startOfMonth: steps.startOfMonth(at),
    days: steps.addDays(at, count),
    months: steps.addMonths(at, count),
    text: steps.formatTime(at),
  });
  fc.assert(
    fc.property(instantOf(timeZone), fc.integer({ min: -40, max: 40 }), (at, count) => {
      expect(all(calendar, at, count)).toEqual(all(asking, at, count));
    }),
    { numRuns: 200 },
  );
});
