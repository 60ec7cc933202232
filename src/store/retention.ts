import type { RawTransaction } from './database/connection.ts';
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

/** How long the attempts to send messages to webhooks are kept. */
const DELIVERY_DAYS = 30;

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
  // Few rows: the number of those of each webhook is bounded as well.
  const lastAt = calendar.addDays(now, -DELIVERY_DAYS);
  await db.webhookDelivery.deleteMany({ where: { at: { lt: lastAt } } });
}

/**
 * By time, because retention is defined by time; after a wrong clock, older ids may remain, so the log stores
 * separately up to which event some are missing.
 */
async function dropEvents(db: Database, before: Date): Promise<void> {
  await inParts(() =>
    db.$direct(async (tx) => {
      const rows = await tx.$queryRawUnsafe<{ id: bigint }[]>(
        `SELECT "id" FROM "Event" WHERE "at" < ? ORDER BY "at" LIMIT ${PART_ROWS}`,
        before,
      );
      const ids = rows.map(({ id }) => Number(id));
      if (ids.length === 0) return 0;
      await markDroppedEvents(tx, Math.max(...ids));
      return deleteByIds(tx, 'Event', ids);
    }),
  );
}

/** The latest session of each user is kept, because it shows when the user was last seen. */
async function dropSessions(db: Database, before: Date): Promise<void> {
  await inParts(() =>
    db.$direct(async (tx) => {
      const rows = await tx.$queryRawUnsafe<{ id: bigint }[]>(
        `SELECT "id" FROM "Session" AS s
         WHERE "endedAt" < ? AND NOT EXISTS (
           SELECT 1 FROM "User" AS u WHERE u."latestSessionId" = s."id")
         LIMIT ${PART_ROWS}`,
        before,
      );
      return deleteByIds(
        tx,
        'Session',
        rows.map(({ id }) => Number(id)),
      );
    }),
  );
}

function deleteByIds(
  tx: RawTransaction,
  table: 'Event' | 'Session',
  ids: readonly number[],
): Promise<number> {
  return tx.$executeRawUnsafe(
    `DELETE FROM "${table}" WHERE "id" IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
}
