import { setImmediate } from 'node:timers/promises';
import { calendarOf, isTimeZone } from '../../domain/time/calendar.ts';
import type { DirectTransaction } from '../database/connection.ts';
import type { Database } from '../database/open.ts';
import { storedTimeZone, storeTimeZone } from '../meta.ts';
import { keptSince } from './kept-since.ts';
import { type Zone, zoneOf } from './levels.ts';
import { moveOldTraffic } from './move-old.ts';
import { ownersOfTraffic } from './owners.ts';
import { type Progress, progressOf } from './progress.ts';
import { cutOfDays, cutOfHours, rebuildDays, rebuildHours } from './rebuild.ts';

/** Stored while rows of two zones are mixed. It is no time zone, so the next start begins again. */
const CHANGING = '';

/**
 * Makes the traffic of a database that was just opened ready: in the tables of this version, and in the configured
 * zone.
 */
export async function prepareTraffic(db: Database, zone: Zone, progress: Progress): Promise<void> {
  const stored = await storedTimeZone(db);
  if (stored === null) await storeTimeZone(db, zone.calendar.timeZone);
  // If moving was interrupted, it goes on in the zone in which it began.
  const isMovedBefore = stored !== null && isTimeZone(stored);
  await moveOldTraffic(db, isMovedBefore ? zoneOf(calendarOf(stored)) : zone, progress);
  await adoptZone(db, zone, progress);
}

/**
 * Builds hours and days again if they were recorded in another zone than the configured one: hours from quarter
 * hours, days from hours. What is older than the finer level stays in spans of the earlier zone.
 */
async function adoptZone(db: Database, zone: Zone, progress: Progress): Promise<void> {
  const { timeZone } = zone.calendar;
  if ((await storedTimeZone(db)) === timeZone) return;
  await storeTimeZone(db, CHANGING);
  const owners = await ownersOfTraffic(db);
  const report = progressOf(progress, {
    en: `The traffic is being summed up by days of ${timeZone}`,
    zh: `正在按 ${timeZone} 的日期汇总流量`,
  });
  for (const [index, userId] of owners.entries()) {
    await db.$direct((tx) => rebuildOwner(tx, zone, userId));
    report(index + 1, owners.length);
    await setImmediate();
  }
  await storeTimeZone(db, timeZone);
}

async function rebuildOwner(tx: DirectTransaction, zone: Zone, userId: number): Promise<void> {
  const since = await keptSince(tx);
  if (!(await hasOwnHours(tx, zone, userId, since.quarters))) {
    await rebuildHours(tx, zone, userId, await cutOfHours(tx, userId, since.quarters));
  }
  await rebuildDays(tx, zone, userId, await cutOfDays(tx, userId, since.hours));
}

/** Whether the hours start where those of the zone do, as in most changes between zones. */
async function hasOwnHours(
  tx: DirectTransaction,
  zone: Zone,
  userId: number,
  from: number,
): Promise<boolean> {
  const rows = await tx.$queryRawUnsafe<{ start: bigint }[]>(
    `SELECT "start" FROM "TrafficHour" WHERE "userId" = ? AND "start" >= ? ORDER BY "start"`,
    userId,
    from,
  );
  return rows.every(({ start }) => zone.hourOf(Number(start)).start === Number(start));
}
