import { setImmediate } from 'node:timers/promises';
import { Prisma } from '../../generated/prisma/client.ts';
import { isOneOf } from '../database/sql.ts';
import { type Ask, askNumber } from './ask.ts';
import { allOf, countBetween, dayOf, endOfDay } from './days.ts';
import type { SessionFilter } from './filters.ts';
import type { Reading } from './page.ts';

/** Sessions read between two turns of the event loop: a few milliseconds of work. Most pages need one part. */
const FIRST_PART = 1_000;
const NEXT_PARTS = 20_000;

/** The start and id of a session. */
export type SessionPlace = readonly [startedAt: number, id: number];

type Range = Omit<Reading<SessionPlace>, 'limit'>;

/** How sessions are sorted that are read in a direction; the list has the newest first. */
export function sessionOrder({ fromEnd = false }: Pick<Range, 'fromEnd'>): Prisma.Sql {
  const direction = Prisma.raw(fromEnd ? 'ASC' : 'DESC');
  return Prisma.sql`"startedAt" ${direction}, "id" ${direction}`;
}

/**
 * The conditions of the parts of the sessions between two places that contain all matching ones, in the order of
 * reading. However rare these are, no part takes long to read.
 */
export async function* sessionParts(
  ask: Ask,
  filter: SessionFilter,
  { after, before, fromEnd = false }: Range,
): AsyncGenerator<Prisma.Sql, void, void> {
  const { indexed, checked } = conditions(filter);
  const bound = fromEnd ? after : before;
  const isBounded = bound === undefined ? indexed : allOf([indexed, isPast(bound, !fromEnd)]);
  let last = (fromEnd ? before : after) ?? null;
  for (let size = FIRST_PART; ; size = NEXT_PARTS) {
    const place = await skipped(ask, filter, last, fromEnd);
    if (place === 'end') return;
    const rest = place === null ? isBounded : allOf([isBounded, isPast(place, fromEnd)]);
    const [startedAt, id] = await ask(Prisma.sql`
      SELECT "startedAt", "id" FROM "Session" WHERE ${rest}
      ORDER BY ${sessionOrder({ fromEnd })} LIMIT 1 OFFSET ${size - 1}`);
    if (startedAt == null || id == null) {
      yield allOf([rest, checked]);
      return;
    }
    last = [startedAt, id];
    const upTo = Prisma.raw(fromEnd ? '<=' : '>=');
    yield allOf([rest, Prisma.sql`("startedAt", "id") ${upTo} (${startedAt}, ${id})`, checked]);
    await setImmediate();
  }
}

/** The number of matching sessions. */
export async function countSessions(ask: Ask, filter: SessionFilter): Promise<number> {
  const { open, from, to } = filter;
  if (isSumOfDays(filter)) {
    const all = open === true ? stillOpen(to) : Prisma.sql`(${started(to)} - ${ended(from)})`;
    const sum = open === false ? Prisma.sql`${all} - ${stillOpen(to)}` : all;
    return askNumber(ask, Prisma.sql`SELECT ${sum} AS "count"`);
  }
  let count = 0;
  for await (const part of sessionParts(ask, filter, {})) {
    count += await askNumber(
      ask,
      Prisma.sql`SELECT COUNT(*) AS "count" FROM "Session" WHERE ${part}`,
    );
  }
  return count;
}

/** Whether few numbers add up to the number of matching sessions; otherwise they are counted in parts. */
export function isSumOfDays({ userIds, open, from, to }: SessionFilter): boolean {
  const isOrdered = from === undefined || to === undefined || from <= to;
  return userIds === undefined && (open === true || isOrdered);
}

/** The sessions that started before a time. */
function started(to: Date | undefined): Prisma.Sql {
  return countBetween(counted('started', 'startedAt'), undefined, to);
}

/** The sessions that ended before a time, which had started before it too. */
function ended(before: Date | undefined): Prisma.Sql {
  if (before === undefined) return Prisma.sql`0`;
  return countBetween(counted('ended', 'endedAt'), undefined, before);
}

function counted(name: 'started' | 'ended', at: 'startedAt' | 'endedAt') {
  const [ofDay, column] = [Prisma.raw(`"${name}"`), Prisma.raw(`"${at}"`)];
  return {
    ofDays: (days: Prisma.Sql) => Prisma.sql`
      (SELECT COALESCE(SUM(${ofDay}), 0) FROM "SessionDay" WHERE ${days})`,
    ofSpan: (fromMs: number, toMs: number) => Prisma.sql`
      (SELECT COUNT(*) FROM "Session" WHERE ${column} >= ${fromMs} AND ${column} < ${toMs})`,
  };
}

/** The sessions that started before a time and have not ended. */
function stillOpen(to: Date | undefined): Prisma.Sql {
  const hasStarted =
    to === undefined ? Prisma.sql`true` : Prisma.sql`"startedAt" < ${to.getTime()}`;
  return Prisma.sql`
    (SELECT COUNT(*) FROM "Session" WHERE "endedAt" IS NULL AND ${hasStarted})`;
}

/** The place past which the next matching session may be; skips days that have none. */
async function skipped(
  ask: Ask,
  { userIds, open, from }: SessionFilter,
  place: SessionPlace | null,
  fromEnd: boolean,
): Promise<SessionPlace | 'end' | null> {
  if (from === undefined || userIds !== undefined || open === true) return place;
  const [extreme, isLeft] = fromEnd ? ['MIN', '>='] : ['MAX', '<='];
  const isRest =
    place === null ? Prisma.sql`true` : Prisma.sql`"day" ${Prisma.raw(isLeft)} ${dayOf(place[0])}`;
  const [day] = await ask(Prisma.sql`
    SELECT ${Prisma.raw(extreme)}("day") AS "day" FROM "SessionDay"
    WHERE ("lastEndedAt" >= ${from.getTime()} OR ${open !== false} AND "open" > 0) AND ${isRest}`);
  if (day == null) return 'end';
  // No session has the id 0.
  const edge = fromEnd ? endOfDay(day - 1) : endOfDay(day);
  const isFurther = place !== null && (fromEnd ? place[0] >= edge : place[0] <= edge);
  return isFurther ? place : [edge, 0];
}

function isPast([startedAt, id]: SessionPlace, fromEnd: boolean): Prisma.Sql {
  const past = Prisma.raw(fromEnd ? '>' : '<');
  return Prisma.sql`("startedAt", "id") ${past} (${startedAt}, ${id})`;
}

/** The conditions that an index in the order of the list meets, and those that each session is checked for. */
function conditions({
  userIds,
  open,
  from,
  to,
}: SessionFilter): Record<'indexed' | 'checked', Prisma.Sql> {
  const isOpen = Prisma.sql`"endedAt" IS NULL`;
  const isIndexed = userIds === undefined;
  return {
    indexed: allOf([
      userIds !== undefined && isOneOf('"userId"', userIds),
      to !== undefined && Prisma.sql`"startedAt" < ${to.getTime()}`,
      open === true && isIndexed && isOpen,
    ]),
    checked: allOf([
      open === true && !isIndexed && Prisma.sql`+${isOpen}`,
      open === false && Prisma.sql`+"endedAt" IS NOT NULL`,
      from !== undefined && Prisma.sql`(+"endedAt" IS NULL OR +"endedAt" >= ${from.getTime()})`,
    ]),
  };
}
