import type { Calendar } from '../../domain/time/calendar.ts';
import { BUCKET_MS } from '../../domain/tracking/constants.ts';

/** The tables of traffic, the finest first. Each contains all bytes since the time from which it is kept. */
export const LEVELS = ['TrafficQuarter', 'TrafficHour', 'TrafficDay'] as const;
export type Level = (typeof LEVELS)[number];

/** The owner of the rows of all users together. The ids of users begin at 1. */
export const ALL_USERS = 0;

export const QUARTERS_AN_HOUR = 4;

/** At least as long as the longest row of days. */
export const QUARTERS_OF_TWO_DAYS = 192;

/** A span of time in quarter hours since 1970; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The quarter hour that contains an instant, counted since 1970. */
export function quarterOf(ms: number): number {
  return Math.floor(ms / BUCKET_MS);
}

/** The first quarter hour that starts at an instant or later. */
export function quarterFrom(ms: number): number {
  return Math.ceil(ms / BUCKET_MS);
}

export function startMsOf(quarter: number): number {
  return quarter * BUCKET_MS;
}

/** The hours and days of one time zone. */
export interface Zone {
  readonly calendar: Calendar;
  /** The hour that contains a quarter hour; shorter than an hour at a transition of half an hour. */
  hourOf(quarter: number): Span;
  /** The day that contains a quarter hour. */
  dayOf(quarter: number): Span;
  /** The span of a row of hours. One that was recorded in another zone starts at any quarter hour. */
  storedHour(start: number): Span;
}

export function zoneOf(calendar: Calendar): Zone {
  const hourOf = keepingLast((at) => [calendar.startOfHour(at), calendar.endOfHour(at)]);
  return {
    calendar,
    hourOf,
    dayOf: keepingLast((at) => [calendar.startOfDay(at), calendar.addDays(at, 1)]),
    storedHour: (start) => {
      const hour = hourOf(start);
      return hour.start === start ? hour : { start, end: start + QUARTERS_AN_HOUR };
    },
  };
}

/** Remembers the last span, because most quarter hours are in the same one as the quarter hour before. */
function keepingLast(find: (at: Date) => readonly [Date, Date]): (quarter: number) => Span {
  let last: Span = { start: 0, end: 0 };
  return (quarter) => {
    if (quarter < last.start || quarter >= last.end) {
      const [start, end] = find(new Date(startMsOf(quarter)));
      last = { start: quarterOf(start.getTime()), end: quarterFrom(end.getTime()) };
    }
    return last;
  };
}
