import { setImmediate } from 'node:timers/promises';
import type { DirectTransaction } from '../database/connection.ts';
import type { Database } from '../database/open.ts';
import { book } from './book.ts';
import type { Zone } from './levels.ts';

/** The users of one transaction, because every client waits for it: 3 to 9 ms of work. */
const USERS_A_PART = 50;

/**
 * Moves the bytes of quarter hours that have ended from the users to the tables of traffic. Each byte is in one of
 * the two places after each part, so that an interruption changes no sum.
 */
export async function closeQuarters(db: Database, zone: Zone, current: number): Promise<void> {
  let after = 0;
  let closed = USERS_A_PART;
  while (closed === USERS_A_PART) {
    const ids = await db.$direct((tx) => closePart(tx, zone, current, after));
    if (ids.length === 0) return;
    closed = ids.length;
    after = ids.at(-1) ?? after;
    // Each user has pages of its own. SQLite would move a thousand at a time to the database, which takes 20 to 70 ms.
    await db.$read('PRAGMA wal_checkpoint(PASSIVE)');
    if (closed === USERS_A_PART) await setImmediate();
  }
}

/** Another quarter hour than the current one may also be later, if the clock was set back. */
async function closePart(
  tx: DirectTransaction,
  zone: Zone,
  current: number,
  after: number,
): Promise<number[]> {
  const open = await tx.$queryRawUnsafe<
    { id: bigint; quarter: bigint; quarterRx: bigint; quarterTx: bigint }[]
  >(
    `SELECT "id", "quarter", "quarterRx", "quarterTx" FROM "User"
     WHERE "id" > ? AND "quarter" <> ? AND ("quarterRx" > 0 OR "quarterTx" > 0)
     ORDER BY "id" LIMIT ${USERS_A_PART}`,
    after,
    current,
  );
  const ids = open.map(({ id }) => Number(id));
  await book(
    tx,
    zone,
    open.map(({ id, quarter, quarterRx, quarterTx }) => ({
      userId: Number(id),
      start: Number(quarter),
      end: Number(quarter) + 1,
      rx: quarterRx,
      tx: quarterTx,
      estimated: false,
    })),
  );
  await tx.each(`UPDATE "User" SET "quarterRx" = 0, "quarterTx" = 0 WHERE "id" = ?`, ids, (id) => [
    id,
  ]);
  return ids;
}
