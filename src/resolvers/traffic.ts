import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { addBytes } from '../domain/bytes.ts';
import { type AppError, invalidField, userNotFound } from '../domain/errors.ts';
import { type Calendar, calendarOf, isTimeZone } from '../domain/time/calendar.ts';
import type { TrafficRange, TrafficRow } from '../store/traffic/read.ts';
import type { Context } from './context.ts';
import * as input from './input.ts';
import { useCase } from './use-case.ts';

export const BUCKETS = ['QUARTER_HOUR', 'HOUR', 'DAY', 'MONTH'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** The traffic of one bucket. */
export interface TrafficPoint {
  readonly start: Date;
  readonly end: Date;
  readonly rx: bigint;
  readonly tx: bigint;
  readonly estimated: boolean;
}

const QUARTER_HOUR_MS = 15 * 60_000;
const MAX_POINTS = 10_000;

/** How time is divided into buckets of one length. */
interface Slicing {
  readonly bucket: Bucket;
  readonly timeZone: string;
  startOf(at: Date): Date;
  next(start: Date): Date;
  /** The start of a series if `from` is absent. */
  defaultFrom(now: Date): Date;
}

function slicingOf(bucket: Bucket, calendar: Calendar): Slicing {
  const { timeZone } = calendar;
  const later = (at: Date, ms: number) => new Date(at.getTime() + ms);
  switch (bucket) {
    case 'QUARTER_HOUR':
      return {
        ...{ bucket, timeZone },
        startOf: (at) => new Date(Math.floor(at.getTime() / QUARTER_HOUR_MS) * QUARTER_HOUR_MS),
        next: (start) => later(start, QUARTER_HOUR_MS),
        defaultFrom: (now) => calendar.startOfDay(now),
      };
    case 'HOUR':
      return {
        ...{ bucket, timeZone },
        startOf: calendar.startOfHour,
        next: calendar.endOfHour,
        defaultFrom: (now) => calendar.startOfDay(now),
      };
    case 'DAY':
      return {
        ...{ bucket, timeZone },
        startOf: calendar.startOfDay,
        next: (start) => calendar.addDays(start, 1),
        defaultFrom: (now) => calendar.addDays(now, -29),
      };
    case 'MONTH':
      return {
        ...{ bucket, timeZone },
        startOf: calendar.startOfMonth,
        next: (start) => calendar.addMonths(start, 1),
        defaultFrom: (now) => calendar.addMonths(now, -11),
      };
  }
}

/** A series: of one user, or of all users together if `userId` is null. */
interface Query {
  readonly slicing: Slicing;
  readonly from: Date;
  readonly to: Date;
  readonly userId: number | null;
}

/**
 * Returns the traffic of one user or of all users by bucket, oldest first, including empty buckets.
 * `from` is moved back to the start of its bucket and `to` forward to the end of its bucket.
 */
export const traffic = useCase(
  'traffic',
  'self',
  z.object({
    from: input.date.nullish(),
    to: input.date.nullish(),
    bucket: z.enum(BUCKETS),
    timeZone: z.string().refine(isTimeZone, { error: 'timeZone' }).nullish(),
    userId: input.id.nullish(),
  }),
  async (ctx, { from, to, bucket, timeZone, userId }): Promise<readonly TrafficPoint[]> => {
    if (userId != null && (await ctx.loaders.user.load(userId)) === null) throw userNotFound();
    const calendar = timeZone == null ? ctx.calendar : calendarOf(timeZone);
    const slicing = slicingOf(bucket, calendar);
    const now = new Date(ctx.clock.wallMs());
    const end = to ?? new Date(now.getTime() + 1);
    const start = from ?? slicing.defaultFrom(to ?? now);
    return series(ctx, { slicing, from: start, to: end, userId: userId ?? null });
  },
);

/** Returns the traffic of the last `days` local days, oldest first, including today. */
export const dailyTraffic = useCase(
  'dailyTraffic',
  'self',
  z.object({
    days: z.int({ error: 'days' }).min(1, { error: 'days' }).max(365, { error: 'days' }),
  }),
  (ctx, { days }): Promise<readonly TrafficPoint[]> => {
    const now = new Date(ctx.clock.wallMs());
    const from = ctx.calendar.addDays(now, 1 - days);
    const to = new Date(now.getTime() + 1);
    return series(ctx, { slicing: slicingOf('DAY', ctx.calendar), from, to, userId: null });
  },
);

async function series(
  ctx: Context,
  { slicing, from, to, userId }: Query,
): Promise<readonly TrafficPoint[]> {
  const points = emptyPoints(slicing, from, to);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  // The points of a year of hours take 4 ms, and as long to compare with those of another zone.
  await setImmediate();
  const coarsest = coarsestFor(points, slicing, ctx.calendar);
  const userIds = userId === null ? null : [userId];
  const range = { from: first.start, to: last.end, userIds, coarsest };
  let index = 0;
  let tooCoarse: TrafficRow | undefined;
  for await (const rows of ctx.store.traffic.rows(range)) {
    for (const row of rows) {
      index = indexOf(points, row, index);
      const point = points[index] as TrafficPoint;
      if (row.isShared || !isWithin(row, point)) {
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
  }
  if (tooCoarse !== undefined) throw keptTooCoarsely(new Date(tooCoarse.endMs), slicing);
  return points;
}

function isWithin({ startMs, endMs }: TrafficRow, { start, end }: TrafficPoint): boolean {
  return start.getTime() <= startMs && endMs <= end.getTime();
}

/** The last point that starts before the end of a row; the point of the previous row is near. */
function indexOf(points: readonly TrafficPoint[], { startMs }: TrafficRow, near: number): number {
  let index = near;
  const startOf = (at: number) => (points[at] as TrafficPoint).start.getTime();
  while (index > 0 && startOf(index) > startMs) index--;
  while (index < points.length - 1 && startOf(index + 1) <= startMs) index++;
  return index;
}

/** The coarsest rows of the server's time zone that fit into all points of a series. */
function coarsestFor(
  points: readonly TrafficPoint[],
  { bucket, timeZone }: Slicing,
  calendar: Calendar,
): TrafficRange['coarsest'] {
  if (bucket === 'QUARTER_HOUR') return 'QUARTER_HOUR';
  if (timeZone === calendar.timeZone) return bucket === 'HOUR' ? 'HOUR' : 'DAY';
  const areAll = (startOf: (at: Date) => Date) =>
    points.every(
      ({ start, end }) =>
        startOf(start).getTime() === start.getTime() && startOf(end).getTime() === end.getTime(),
    );
  if (bucket !== 'HOUR' && areAll(calendar.startOfDay)) return 'DAY';
  return areAll(calendar.startOfHour) ? 'HOUR' : 'QUARTER_HOUR';
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

/** The error for a series that begins before a row that is longer than its points. */
function keptTooCoarsely(end: Date, slicing: Slicing): AppError {
  const bucket = slicing.startOf(end);
  const oldest = (bucket < end ? slicing.next(bucket) : bucket).toISOString();
  return invalidField('from', {
    en: `must not be before ${oldest}; older traffic is stored only in longer periods`,
    zh: `不能早于 ${oldest}；更早的流量只按更长的时间段保存`,
  });
}
