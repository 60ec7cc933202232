import * as z from 'zod';
import { addBytes } from '../domain/bytes.ts';
import { type AppError, invalidField, userNotFound } from '../domain/errors.ts';
import { type Calendar, calendarOf, isTimeZone } from '../domain/time/calendar.ts';
import type { TrafficRow } from '../store/traffic.ts';
import type { Context } from './context.ts';
import * as input from './input.ts';
import { useCase } from './use-case.ts';

export const BUCKETS = ['QUARTER_HOUR', 'HOUR', 'DAY', 'MONTH'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** The traffic of one bucket. */
export type TrafficPoint = TrafficRow;

const QUARTER_HOUR_MS = 15 * 60_000;
const MAX_POINTS = 10_000;

/** How time is divided into buckets of one length. */
interface Slicing {
  startOf(at: Date): Date;
  next(start: Date): Date;
  /** The start of a series if `from` is absent. */
  defaultFrom(now: Date): Date;
}

function slicingOf(bucket: Bucket, calendar: Calendar): Slicing {
  const later = (at: Date, ms: number) => new Date(at.getTime() + ms);
  switch (bucket) {
    case 'QUARTER_HOUR':
      return {
        startOf: (at) => new Date(Math.floor(at.getTime() / QUARTER_HOUR_MS) * QUARTER_HOUR_MS),
        next: (start) => later(start, QUARTER_HOUR_MS),
        defaultFrom: (now) => calendar.startOfDay(now),
      };
    case 'HOUR':
      return {
        startOf: calendar.startOfHour,
        next: calendar.endOfHour,
        defaultFrom: (now) => calendar.startOfDay(now),
      };
    case 'DAY':
      return {
        startOf: calendar.startOfDay,
        next: (start) => calendar.addDays(start, 1),
        defaultFrom: (now) => calendar.addDays(now, -29),
      };
    case 'MONTH':
      return {
        startOf: calendar.startOfMonth,
        next: (start) => calendar.addMonths(start, 1),
        defaultFrom: (now) => calendar.addMonths(now, -11),
      };
  }
}

/**
 * Returns the traffic of one user or of all users by bucket, oldest first, including empty buckets.
 * `from` is moved back to the start of its bucket and `to` forward to the end of its bucket.
 */
export const traffic = useCase(
  'viewer',
  z.object({
    from: input.date.nullish(),
    to: input.date.nullish(),
    bucket: z.enum(BUCKETS),
    timeZone: z.string().refine(isTimeZone, { error: 'timeZone' }).nullish(),
    userId: input.id.nullish(),
  }),
  async (ctx, { from, to, bucket, timeZone, userId }): Promise<TrafficPoint[]> => {
    if (userId != null && (await ctx.loaders.user.load(userId)) === null) throw userNotFound();
    const calendar = timeZone == null ? ctx.calendar : calendarOf(timeZone);
    const slicing = slicingOf(bucket, calendar);
    const now = new Date(ctx.clock.wallMs());
    const end = to ?? new Date(now.getTime() + 1);
    const start = from ?? slicing.defaultFrom(to ?? now);
    return series(ctx, slicing, start, end, userId ?? null);
  },
);

/** Returns the traffic of the last `days` local days, oldest first, including today. */
export const dailyTraffic = useCase(
  'viewer',
  z.object({
    days: z.int({ error: 'days' }).min(1, { error: 'days' }).max(365, { error: 'days' }),
  }),
  (ctx, { days }): Promise<TrafficPoint[]> => {
    const now = new Date(ctx.clock.wallMs());
    const from = ctx.calendar.addDays(now, 1 - days);
    return series(ctx, slicingOf('DAY', ctx.calendar), from, new Date(now.getTime() + 1), null);
  },
);

async function series(
  ctx: Context,
  slicing: Slicing,
  from: Date,
  to: Date,
  userId: number | null,
): Promise<TrafficPoint[]> {
  const points = emptyPoints(slicing, from, to);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const rows = await ctx.store.traffic.rows(first.start, last.end, userId);
  let index = 0;
  let tooCoarse: TrafficRow | undefined;
  for (const row of rows) {
    while (index < points.length - 1 && (points[index] as TrafficPoint).end <= row.start) index++;
    const point = points[index] as TrafficPoint;
    if (row.start < point.start || row.end > point.end) {
      tooCoarse = row;
      continue;
    }
    points[index] = {
      ...point,
      rx: addBytes(point.rx, row.rx),
      tx: addBytes(point.tx, row.tx),
      estimated: point.estimated || row.estimated,
    };
  }
  if (tooCoarse !== undefined) throw keptTooCoarsely(tooCoarse, slicing);
  return points;
}

function emptyPoints(slicing: Slicing, from: Date, to: Date): TrafficPoint[] {
  const points: TrafficPoint[] = [];
  let start = slicing.startOf(from);
  while (start < to) {
    if (points.length === MAX_POINTS) {
      throw invalidField('from', {
        en: `selects more than ${MAX_POINTS} points; use a shorter range or a longer bucket`,
        zh: `选择的数据点超过 ${MAX_POINTS} 个；请缩短时间范围或使用更长的时间段`,
      });
    }
    const end = slicing.next(start);
    points.push({ start, end, rx: 0n, tx: 0n, estimated: false });
    start = end;
  }
  return points;
}

function keptTooCoarsely(row: TrafficRow, slicing: Slicing): AppError {
  const bucket = slicing.startOf(row.end);
  const oldest = (bucket < row.end ? slicing.next(bucket) : bucket).toISOString();
  return invalidField('from', {
    en: `must not be before ${oldest}; older traffic is stored only in longer periods`,
    zh: `不能早于 ${oldest}；更早的流量只按更长的时间段保存`,
  });
}
