import { inParts, PART_ROWS } from '../database/in-parts.ts';
import type { Database } from '../database/open.ts';
import type { Zone } from '../traffic/levels.ts';
import { settleTraffic } from '../traffic/settle.ts';

/** The newest time in the record of observations, or null. */
export async function lastRecordedAt(db: Database): Promise<Date | null> {
  const [row] = await db.$read(
    `SELECT MAX("at") FROM (
      SELECT MAX("lastReadAt") AS "at" FROM "Interface"
      UNION ALL SELECT MAX("startedAt") FROM "Session"
      UNION ALL SELECT MAX("at") FROM "Event")`,
  );
  const newest = row?.[0] ?? null;
  return newest === null ? null : new Date(newest as number);
}

/**
 * Moves records from the future to now: they were written while the clock was ahead. Sums of bytes stay the
 * same; they are moved to the current quarter hour, marked as estimated. The audit log is left unchanged.
 *
 * The work is done in parts, and `lastRecordedAt` reads what is moved last: after an interruption that is
 * still in the future, so that the next start continues.
 */
export async function settleFuture(db: Database, zone: Zone, now: Date): Promise<void> {
  const at = now.getTime();
  await settleTraffic(db, zone, now);
  await db.$executeRaw`UPDATE "User" SET "lastSeenAt" = ${at} WHERE "lastSeenAt" > ${at}`;
  await db.$executeRaw`UPDATE "User" SET "quotaMarkAt" = ${at} WHERE "quotaMarkAt" > ${at}`;
  await inParts(() => moveSessions(db, at));
  await inParts(
    () => db.$executeRaw`
      UPDATE "Event" SET "at" = ${at}
      WHERE "id" IN (SELECT "id" FROM "Event" WHERE "at" > ${at} LIMIT ${PART_ROWS})`,
  );
  await db.$executeRaw`UPDATE "Interface" SET "lastReadAt" = ${at} WHERE "lastReadAt" > ${at}`;
}

/** A session that has ended was seen by then, so that indexes find all. */
function moveSessions(db: Database, at: number): Promise<number> {
  return db.$executeRaw`
    UPDATE "Session" SET "startedAt" = MIN("startedAt", ${at}),
      "lastSeenAt" = MIN("lastSeenAt", ${at}), "endedAt" = MIN("endedAt", ${at})
    WHERE "id" IN (
      SELECT "id" FROM "Session"
      WHERE "startedAt" > ${at} OR "endedAt" > ${at} OR ("endedAt" IS NULL AND "lastSeenAt" > ${at})
      LIMIT ${PART_ROWS})`;
}
