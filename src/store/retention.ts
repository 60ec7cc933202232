import { inParts, PART_ROWS } from './database/in-parts.ts';
import type { Database } from './database/open.ts';
import { markDroppedEvents } from './meta.ts';
import type { Zone } from './traffic/levels.ts';
import { type KeepTrafficDays, retainTraffic } from './traffic/retain.ts';

/** How many days of each kind of record are kept; 0 means for ever. */
export interface KeepDays extends KeepTrafficDays {
  readonly events: number;
  readonly sessions: number;
}

/** Deletes records past their retention. Sums of traffic never change. */
export async function retain(db: Database, zone: Zone, keep: KeepDays, now: Date): Promise<void> {
  const { calendar } = zone;
  await retainTraffic(db, zone, keep, now);
  if (keep.events > 0) {
    await dropEvents(db, calendar.addDays(now, -keep.events));
  }
  if (keep.sessions > 0) {
    await dropSessions(db, calendar.addDays(now, -keep.sessions));
  }
}

/**
 * By time, because retention is defined by time; after a wrong clock, older ids may remain, so the log stores
 * separately up to which event some are missing.
 */
async function dropEvents(db: Database, before: Date): Promise<void> {
  await inParts(() =>
    db.$transaction(async (tx) => {
      const rows = await tx.event.findMany({
        where: { at: { lt: before } },
        orderBy: { at: 'asc' },
        select: { id: true },
        take: PART_ROWS,
      });
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      await markDroppedEvents(tx, Math.max(...ids));
      return (await tx.event.deleteMany({ where: { id: { in: ids } } })).count;
    }),
  );
}

/** The latest session of each user is kept, because it shows when the user was last seen. */
async function dropSessions(db: Database, before: Date): Promise<void> {
  await inParts(async () => {
    const rows = await db.session.findMany({
      where: { endedAt: { lt: before }, latestOf: null },
      select: { id: true },
      take: PART_ROWS,
    });
    const ids = rows.map(({ id }) => id);
    return (await db.session.deleteMany({ where: { id: { in: ids } } })).count;
  });
}
