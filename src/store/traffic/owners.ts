import type { Database } from '../database/open.ts';

/** The owners of traffic: users, deleted ones included, and `ALL_USERS`. Each has at least one row of days. */
export async function ownersOfTraffic(db: Database): Promise<number[]> {
  // One look-up for each owner; DISTINCT would read every row.
  const rows = await db.$read(
    `WITH RECURSIVE "owner"("id") AS (
       SELECT MIN("userId") FROM "TrafficDay"
       UNION ALL
       SELECT (SELECT MIN("userId") FROM "TrafficDay" WHERE "userId" > "owner"."id")
       FROM "owner" WHERE "id" IS NOT NULL)
     SELECT "id" FROM "owner" WHERE "id" IS NOT NULL`,
  );
  return rows.map(([id]) => Number(id));
}
