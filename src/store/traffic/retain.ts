import { inParts, PART_ROWS } from '../database/in-parts.ts';
import type { Database } from '../database/open.ts';
import { closeQuarters } from './close-quarters.ts';
import { type KeptSince, keptSince, writeKeptSince } from './kept-since.ts';
import { type Level, QUARTERS_AN_HOUR, quarterOf, type Zone } from './levels.ts';
import { ownersOfTraffic } from './owners.ts';

/** How many days the finer levels of traffic are kept; 0 means forever. */
export interface KeepTrafficDays {
  readonly quarterHours: number;
  readonly hours: number;
}

/** The owners whose old rows are deleted by one statement. */
const OWNERS_A_STATEMENT = 100;

/**
 * Deletes quarter hours and hours that are old enough; their bytes stay in the coarser levels. From when on a level
 * is kept is recorded first, so that an interruption leaves only rows that are no longer read.
 */
export async function retainTraffic(
  db: Database,
  zone: Zone,
  keep: KeepTrafficDays,
  now: Date,
): Promise<void> {
  await closeQuarters(db, zone, quarterOf(now.getTime()));
  const since = await db.$direct(async (tx) => {
    const next = keptFrom(await keptSince(tx), zone, keep, now);
    await writeKeptSince(tx, next);
    return next;
  });
  const owners = await ownersOfTraffic(db);
  for (let at = 0; at < owners.length; at += OWNERS_A_STATEMENT) {
    const ids = JSON.stringify(owners.slice(at, at + OWNERS_A_STATEMENT));
    await inParts(() => deletePart(db, 'TrafficQuarter', ids, since.quarters));
    await inParts(() => deletePart(db, 'TrafficHour', ids, since.hours - QUARTERS_AN_HOUR + 1));
  }
}

/** Never earlier than before: what is deleted stays deleted. Hours are kept at least as long as quarter hours. */
function keptFrom(before: KeptSince, zone: Zone, keep: KeepTrafficDays, now: Date): KeptSince {
  const from = (known: number, days: number) =>
    days === 0 ? known : Math.max(known, quarterOf(zone.calendar.addDays(now, -days).getTime()));
  const quarters = from(before.quarters, keep.quarterHours);
  return { quarters, hours: Math.min(quarters, from(before.hours, keep.hours)) };
}

/** Deletes rows that start before a quarter hour. An hour that was recorded in another zone may end after it. */
function deletePart(db: Database, level: Level, ids: string, before: number): Promise<number> {
  return db.$direct((tx) =>
    tx.$executeRawUnsafe(
      `DELETE FROM "${level}" WHERE ("userId", "start") IN (
       SELECT "userId", "start" FROM "${level}"
       WHERE "userId" IN (SELECT value FROM json_each(?)) AND "start" < ? LIMIT ${PART_ROWS})`,
      ids,
      before,
    ),
  );
}
