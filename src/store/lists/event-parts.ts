import { setImmediate } from 'node:timers/promises';
import { Prisma } from '../../generated/prisma/client.ts';
import { isOneOf } from '../database/sql.ts';
import { type Ask, askNumber } from './ask.ts';
import { allOf, countBetween, dayOf } from './days.ts';
import type { EventFilter } from './filters.ts';
import type { Reading } from './page.ts';

/** Events read between two turns of the event loop: a few milliseconds of work. Most pages need one part. */
const FIRST_PART = 1_000;
const NEXT_PARTS = 20_000;

/** Larger than all ids. */
const END = 2 ** 31;

type Range = Omit<Reading<number>, 'limit'>;

/**
 * The conditions of the parts of the log between two ids that contain all matching events, in the order of reading.
 * However rare these are, no part takes long to read.
 */
export async function* eventParts(
  ask: Ask,
  filter: EventFilter,
  { after = 0, before = END, fromEnd = false }: Range,
): AsyncGenerator<Prisma.Sql, void, void> {
  const wanted = conditions(filter);
  if (wanted.length === 0) {
    yield between(after + 1, before - 1);
    return;
  }
  const { userIds } = filter;
  const userId = userIds?.length === 1 ? userIds[0] : undefined;
  const endOf = fromEnd ? partBefore : partAfter;
  let [first, last] = [after + 1, before - 1];
  for (let size = FIRST_PART; first <= last; size = NEXT_PARTS) {
    const part = await endOf(ask, { filter, userId, first, last, size });
    if (part === null) return;
    yield allOf([between(part.first, part.last), ...wanted]);
    if (fromEnd) last = part.first - 1;
    else first = part.last + 1;
    await setImmediate();
  }
}

function between(first: number, last: number): Prisma.Sql {
  return Prisma.sql`"id" >= ${first} AND "id" <= ${last}`;
}

interface Rest {
  readonly filter: EventFilter;
  /** The only user; undefined: there is none, or there are several. */
  readonly userId: number | undefined;
  readonly first: number;
  readonly last: number;
  readonly size: number;
}

type Part = Pick<Rest, 'first' | 'last'> | null;

/** The first part of the rest; null if there are no matching events. */
async function partAfter(ask: Ask, { filter, userId, first, last, size }: Rest): Promise<Part> {
  if (userId !== undefined) {
    const end = await askNumber(ask, idAfterEvents(userId, first, size));
    return { first, last: Math.min(end || last, last) };
  }
  const next = await askNumber(ask, nextId(filter, first));
  return next === 0 || next > last ? null : { first: next, last: Math.min(next + size - 1, last) };
}

/** The last part of the rest; null if there are no matching events. */
async function partBefore(ask: Ask, { filter, userId, first, last, size }: Rest): Promise<Part> {
  if (userId !== undefined) {
    const begin = await askNumber(ask, idBeforeEvents(userId, last, size));
    return { first: Math.max(begin, first), last };
  }
  const next = await askNumber(ask, previousId(filter, last));
  return next < first ? null : { first: Math.max(next - size + 1, first), last: next };
}

/** The number of matching events. */
export async function countEvents(ask: Ask, filter: EventFilter): Promise<number> {
  const { userIds, types, from, to } = filter;
  if (userIds === undefined) {
    const ofType = types === undefined ? Prisma.sql`true` : isOneOf('"type"', types);
    const total = countBetween(
      {
        ofDays: (days) => Prisma.sql`
          (SELECT COALESCE(SUM("count"), 0) FROM "EventDay" WHERE ${ofType} AND ${days})`,
        ofSpan: (fromMs, toMs) => Prisma.sql`
          (SELECT COUNT(*) FROM "Event" WHERE "at" >= ${fromMs} AND "at" < ${toMs} AND ${ofType})`,
      },
      from,
      to,
    );
    return askNumber(ask, Prisma.sql`SELECT ${total} AS "count"`);
  }
  let count = 0;
  for await (const part of eventParts(ask, filter, {})) {
    count += await askNumber(
      ask,
      Prisma.sql`SELECT COUNT(*) AS "count" FROM "Event" WHERE ${part}`,
    );
  }
  return count;
}

/** The id of the last of the next events of a user, if there are so many. */
function idAfterEvents(userId: number, first: number, events: number): Prisma.Sql {
  return Prisma.sql`
    SELECT "id" FROM "Event" WHERE "userId" = ${userId} AND "id" >= ${first}
    ORDER BY "id" LIMIT 1 OFFSET ${events - 1}`;
}

/** The id of the first of the previous events of a user, if there are so many. */
function idBeforeEvents(userId: number, last: number, events: number): Prisma.Sql {
  return Prisma.sql`
    SELECT "id" FROM "Event" WHERE "userId" = ${userId} AND "id" <= ${last}
    ORDER BY "id" DESC LIMIT 1 OFFSET ${events - 1}`;
}

/** The least id from this one on that a matching event may have. */
function nextId(filter: EventFilter, first: number): Prisma.Sql {
  if (filter.userIds !== undefined) {
    return Prisma.sql`
      SELECT MIN((SELECT MIN("id") FROM "Event" WHERE "userId" = value AND "id" >= ${first}))
        AS "next"
      FROM json_each(${JSON.stringify(filter.userIds)})`;
  }
  return Prisma.sql`
    SELECT MIN(MAX("firstId", ${first})) AS "next" FROM "EventDay"
    WHERE "lastId" >= ${first} AND ${isTouched(filter)}`;
}

/** The greatest id up to this one that a matching event may have. */
function previousId(filter: EventFilter, last: number): Prisma.Sql {
  if (filter.userIds !== undefined) {
    return Prisma.sql`
      SELECT MAX((SELECT MAX("id") FROM "Event" WHERE "userId" = value AND "id" <= ${last}))
        AS "next"
      FROM json_each(${JSON.stringify(filter.userIds)})`;
  }
  return Prisma.sql`
    SELECT MAX(MIN("lastId", ${last})) AS "next" FROM "EventDay"
    WHERE "firstId" <= ${last} AND ${isTouched(filter)}`;
}

/** Whether a row of EventDay may count matching events. */
function isTouched({ types, from, to }: EventFilter): Prisma.Sql {
  return allOf([
    types !== undefined && isOneOf('"type"', types),
    from !== undefined && Prisma.sql`"day" >= ${dayOf(from.getTime())}`,
    to !== undefined && Prisma.sql`"day" <= ${dayOf(to.getTime())}`,
  ]);
}

/** The `+` keeps the index of times from being used: the parts are ranges of ids. */
function conditions({ types, userIds, from, to }: EventFilter): Prisma.Sql[] {
  return [
    types !== undefined && isOneOf('"type"', types),
    userIds !== undefined && isOneOf('"userId"', userIds),
    from !== undefined && Prisma.sql`+"at" >= ${from.getTime()}`,
    to !== undefined && Prisma.sql`+"at" < ${to.getTime()}`,
  ].filter((one) => one !== false);
}
