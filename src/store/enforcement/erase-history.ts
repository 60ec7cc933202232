import { inParts, PART_ROWS } from '../database/in-parts.ts';
import type { Database } from '../database/open.ts';

/**
 * The rows erased in one poll, 0.2 to 0.4 s of work. A deleted user is off WireGuard long before it is
 * erased, so that erasing may take many polls; every other user waits for each of them.
 */
const ROWS_A_POLL = 10_000;

/**
 * Erases the sessions of users that are being deleted, and the endpoints in their events, and returns the
 * users that are done. A user may have any number of both, so this runs before the transaction that deletes
 * the users themselves, and the rest follows at the next call. A call is done with `PART_ROWS` users at most.
 */
export async function eraseHistory(db: Database, userIds: readonly number[]): Promise<number[]> {
  const done: number[] = [];
  let rows = ROWS_A_POLL;
  for (const userId of userIds.slice(0, PART_ROWS)) {
    rows -= await inParts(() => eraseSessions(db, userId), rows);
    rows -= await inParts(eraseEndpoints(db, userId), rows);
    if (rows <= 0) break;
    done.push(userId);
  }
  return done;
}

function eraseSessions(db: Database, userId: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM "Session" WHERE "id" IN (
      SELECT "id" FROM "Session" WHERE "userId" = ${userId} LIMIT ${PART_ROWS})`;
}

/** The events are visited in order, because each part would begin with those that are erased already. */
function eraseEndpoints(db: Database, userId: number): () => Promise<number> {
  let lastId = 0;
  return async () => {
    const [part] = await db.$queryRaw<[{ rows: bigint; newest: bigint | null }]>`
      SELECT count(*) AS "rows", max("id") AS "newest" FROM (
        SELECT "id" FROM "Event"
        WHERE "userId" = ${userId} AND "id" > ${lastId} AND "endpoint" IS NOT NULL
        ORDER BY "id" LIMIT ${PART_ROWS})`;
    const newest = Number(part.newest ?? lastId);
    await db.$executeRaw`
      UPDATE "Event" SET "endpoint" = NULL
      WHERE "userId" = ${userId} AND "id" > ${lastId} AND "id" <= ${newest}
        AND "endpoint" IS NOT NULL`;
    lastId = newest;
    return Number(part.rows);
  };
}
