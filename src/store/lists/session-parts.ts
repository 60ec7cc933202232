import { setImmediate } from 'node:timers/promises';
import { Prisma } from '../../generated/prisma/client.ts';
import { isOneOf } from '../database/sql.ts';
import { type Ask, askNumber } from './ask.ts';
import { allOf, countBetween, dayOf, endOfDay } from './days.ts';
import type { SessionFilter } from './filters.ts';

/** Sessions read between two turns of the event loop: a few milliseconds of work. Most pages need one part. */
const FIRST_PART = 1_000;
const NEXT_PARTS = 20_000;

/** The start and id of a session. */
type Place = readonly [startedAt: number, id: number];

/**
 * The conditions of the parts of the sessions before a place that contain all matching ones, newest first.
 * However rare these are, no part takes long to read.
 */
export async function* sessionParts(
  ask: Ask,
  filter: SessionFilter,
  after: Place | null,
): AsyncGenerator<Prisma.Sql, void, void> {
  const { indexed, checked } = conditions(filter);
  let last = after;
  for (let size = FIRST_PART; ; size = NEXT_PARTS) {
    const place = await skipped(ask, filter, last);
    if (place === 'end') return;
    const above = place === null ? indexed : allOf([indexed, isBefore(place)]);
    const [startedAt, id] = await ask(Prisma.sql`
      SELECT "startedAt", "id" FROM "Session" WHERE ${above}
      ORDER BY "startedAt" DESC, "id" DESC LIMIT 1 OFFSET ${size - 1}`);
    if (startedAt == null || id == null) {
      yield allOf([above, checked]);
      return;
    }
    last = [startedAt, id];
    yield allOf([above, Prisma.sql`("startedAt", "id") >= (${startedAt}, ${id})`, checked]);
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
  for await (const part of sessionParts(ask, filter, null)) {
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

/** The place before which the next matching session may be; skips days that have none. */
async function skipped(
  ask: Ask,
  { userIds, open, from }: SessionFilter,
  place: Place | null,
): Promise<Place | 'end' | null> {
  if (from === undefined || userIds !== undefined || open === true) return place;
  const [day] = await ask(Prisma.sql`
    SELECT MAX("day") AS "day" FROM "SessionDay"
    WHERE ("lastEndedAt" >= ${from.getTime()} OR ${open !== false} AND "open" > 0)
      AND ${place === null ? Prisma.sql`true` : Prisma.sql`"day" <= ${dayOf(place[0])}`}`);
  if (day == null) return 'end';
  const end = endOfDay(day);
  return place === null || place[0] > end ? [end, 0] : place;
}

function isBefore([startedAt, id]: Place): Prisma.Sql {
  return Prisma.sql`("startedAt", "id") < (${startedAt}, ${id})`;
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
