import { setImmediate } from 'node:timers/promises';
import { Prisma } from '../../generated/prisma/client.ts';
import { isOneOf } from '../database/sql.ts';
import { type Ask, askNumber } from './ask.ts';
import { allOf, countBetween, dayOf } from './days.ts';
import type { EventFilter } from './filters.ts';

/** Events read between two turns of the event loop: a few milliseconds of work. Most pages need one part. */
const FIRST_PART = 1_000;
const NEXT_PARTS = 20_000;

/** Larger than all ids. */
const END = 2 ** 31;

/**
 * The conditions of the parts of the log after an id that contain all matching events, oldest first. However
 * rare these are, no part takes long to read.
 */
export async function* eventParts(
  ask: Ask,
  filter: EventFilter,
  afterId: number,
): AsyncGenerator<Prisma.Sql, void, void> {
  const wanted = conditions(filter);
  if (wanted.length === 0) {
    yield Prisma.sql`"id" > ${afterId}`;
    return;
  }
  const { userIds } = filter;
  const userId = userIds?.length === 1 ? userIds[0] : undefined;
  let last = afterId;
  for (let size = FIRST_PART; last < END; size = NEXT_PARTS) {
    let first = last + 1;
    if (userId === undefined) {
      first = await askNumber(ask, nextId(filter, last));
      if (first === 0) return;
      last = first + size - 1;
    } else last = (await askNumber(ask, idAfterEvents(userId, last, size))) || END;
    yield allOf([Prisma.sql`"id" >= ${first} AND "id" <= ${last}`, ...wanted]);
    await setImmediate();
  }
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
  for await (const part of eventParts(ask, filter, 0)) {
    count += await askNumber(
      ask,
      Prisma.sql`SELECT COUNT(*) AS "count" FROM "Event" WHERE ${part}`,
    );
  }
  return count;
}

/** The id of the last of the next events of a user, if there are so many. */
function idAfterEvents(userId: number, afterId: number, events: number): Prisma.Sql {
  return Prisma.sql`
    SELECT "id" FROM "Event" WHERE "userId" = ${userId} AND "id" > ${afterId}
    ORDER BY "id" LIMIT 1 OFFSET ${events - 1}`;
}

/** The least id after this one that a matching event may have. */
function nextId({ types, userIds, from, to }: EventFilter, afterId: number): Prisma.Sql {
  if (userIds !== undefined) {
    return Prisma.sql`
      SELECT MIN((SELECT MIN("id") FROM "Event" WHERE "userId" = value AND "id" > ${afterId}))
        AS "next"
      FROM json_each(${JSON.stringify(userIds)})`;
  }
  const touched = allOf([
    types !== undefined && isOneOf('"type"', types),
    from !== undefined && Prisma.sql`"day" >= ${dayOf(from.getTime())}`,
    to !== undefined && Prisma.sql`"day" <= ${dayOf(to.getTime())}`,
  ]);
  return Prisma.sql`
    SELECT MIN(MAX("firstId", ${afterId + 1})) AS "next" FROM "EventDay"
    WHERE "lastId" > ${afterId} AND ${touched}`;
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
