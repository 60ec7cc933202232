import { Prisma } from '../../generated/prisma/client.ts';

const DAY_MS = 86_400_000;

/** How the rows of a table are counted by their time. */
export interface CountedByDay {
  /** The expression of the number of rows of the days that meet a condition on `"day"`. */
  readonly ofDays: (condition: Prisma.Sql) => Prisma.Sql;
  /** The expression of the number of rows from a time to before another. */
  readonly ofSpan: (fromMs: number, toMs: number) => Prisma.Sql;
}

/**
 * The expression of the number of rows from a time to before another. The rows of whole days have been counted
 * already; those of the at most two other days are counted now.
 */
export function countBetween(
  { ofDays, ofSpan }: CountedByDay,
  from: Date | undefined,
  to: Date | undefined,
): Prisma.Sql {
  const fromMs = from?.getTime() ?? null;
  const toMs = to?.getTime() ?? null;
  const firstDay = fromMs === null ? null : Math.ceil(fromMs / DAY_MS);
  const endDay = toMs === null ? null : Math.floor(toMs / DAY_MS);
  if (fromMs !== null && toMs !== null && Number(firstDay) > Number(endDay)) {
    return ofSpan(fromMs, toMs);
  }
  const parts = [
    ofDays(
      allOf([
        firstDay !== null && Prisma.sql`"day" >= ${firstDay}`,
        endDay !== null && Prisma.sql`"day" < ${endDay}`,
      ]),
    ),
  ];
  if (fromMs !== null) parts.push(ofSpan(fromMs, Number(firstDay) * DAY_MS));
  if (toMs !== null) parts.push(ofSpan(Number(endDay) * DAY_MS, toMs));
  return Prisma.sql`(${Prisma.join(parts, ' + ')})`;
}

/** The day of a time, as the triggers of the migration compute it. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** The first millisecond after a day. */
export function endOfDay(day: number): number {
  return (day + 1) * DAY_MS;
}

export function allOf(conditions: readonly (Prisma.Sql | false)[]): Prisma.Sql {
  const given = conditions.filter((one) => one !== false);
  return given.length === 0 ? Prisma.sql`true` : Prisma.join(given, ' AND ');
}
