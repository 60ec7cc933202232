import { BUCKET_MS } from '../wg/window.ts';
import type { Database, Transaction } from './database.ts';
import { saturatedSum, saturatingAdd } from './sql.ts';

/** The newest time in the record of what was seen; null where nothing was. */
export async function lastRecordedAt(db: Database): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ newest: number | bigint | null }[]>`
    SELECT MAX("at") AS "newest" FROM (
      SELECT MAX("lastReadAt") AS "at" FROM "Interface"
      UNION ALL SELECT MAX("startedAt") FROM "Session"
      UNION ALL SELECT MAX("at") FROM "Event")`;
  return row?.newest == null ? null : new Date(Number(row.newest));
}

/**
 * Moves what lies in the future to now: it was recorded while the clock was ahead. Bytes keep their sums;
 * they go to the present quarter hour, estimated. The audit log stays as it was written.
 */
export async function settleFuture(db: Database, now: Date): Promise<void> {
  const at = now.getTime();
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE "Session" SET "startedAt" = MIN("startedAt", ${at}),
        "lastSeenAt" = MIN("lastSeenAt", ${at}), "endedAt" = MIN("endedAt", ${at})
      WHERE "startedAt" > ${at} OR "lastSeenAt" > ${at} OR "endedAt" > ${at}`;
    await tx.$executeRaw`UPDATE "User" SET "lastSeenAt" = ${at} WHERE "lastSeenAt" > ${at}`;
    await tx.$executeRaw`UPDATE "User" SET "quotaMarkAt" = ${at} WHERE "quotaMarkAt" > ${at}`;
    await tx.$executeRaw`UPDATE "Interface" SET "lastReadAt" = ${at} WHERE "lastReadAt" > ${at}`;
    await tx.$executeRaw`UPDATE "Event" SET "at" = ${at} WHERE "at" > ${at}`;
    await moveTraffic(tx, 'Traffic', at);
    await moveTraffic(tx, 'TrafficTotal', at);
  });
}

async function moveTraffic(
  tx: Transaction,
  table: 'Traffic' | 'TrafficTotal',
  at: number,
): Promise<void> {
  const start = Math.floor(at / BUCKET_MS) * BUCKET_MS;
  const owner = table === 'Traffic' ? '"userId", ' : '';
  const group = table === 'Traffic' ? 'GROUP BY "userId"' : 'HAVING COUNT(*) > 0';
  await tx.$executeRawUnsafe(
    `INSERT INTO "${table}" (${owner}"bucket", "start", "end", "rx", "tx", "estimated")
     SELECT ${owner}'QUARTER_HOUR', ?, ?, ${saturatedSum('"rx"')}, ${saturatedSum('"tx"')}, 1
     FROM "${table}" WHERE "start" > ? ${group}
     ON CONFLICT (${owner}"start", "end") DO UPDATE SET
       "rx" = ${saturatingAdd(`"${table}"."rx"`, 'excluded."rx"')},
       "tx" = ${saturatingAdd(`"${table}"."tx"`, 'excluded."tx"')},
       "estimated" = 1`,
    start,
    start + BUCKET_MS,
    at,
  );
  await tx.$executeRawUnsafe(`DELETE FROM "${table}" WHERE "start" > ?`, at);
}
