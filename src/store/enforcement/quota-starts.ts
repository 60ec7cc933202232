import type { QuotaStart } from '../../domain/enforcement/quota-period.ts';
import type { Transaction } from '../database/open.ts';
import { runBulk, saturatedSum } from '../database/sql.ts';
import { quarterOf } from '../traffic/levels.ts';

/**
 * Moves quota marks to the bytes booked for the time before their periods. A mark that is already greater, as
 * after a manual reset, is kept.
 */
export function writeQuotaStarts(
  tx: Transaction,
  starts: readonly QuotaStart[],
  at: Date,
): Promise<void> {
  const mark = (direction: 'rx' | 'tx', column: string) =>
    `"${column}" = MAX("User"."${column}", "User"."${direction}" - j."${direction}")`;
  const inPeriod = (direction: 'rx' | 'tx', open: 'quarterRx' | 'quarterTx') =>
    `COALESCE((SELECT ${saturatedSum('"bytes"')} FROM (
       SELECT t."${direction}" AS "bytes" FROM "TrafficDay" AS t
       WHERE t."userId" = value->>0 AND t."start" >= value->>2
       UNION ALL
       SELECT u."${open}" FROM "User" AS u
       WHERE u."id" = value->>0 AND u."quarter" >= value->>2)), 0) AS "${direction}"`;
  return runBulk(
    tx,
    `UPDATE "User" SET "quotaPeriodName" = j."period",
       ${mark('rx', 'quotaMarkRx')}, ${mark('tx', 'quotaMarkTx')},
       "quotaMarkAt" = CASE WHEN j."resets" THEN ${at.getTime()} ELSE "User"."quotaMarkAt" END
     FROM (SELECT value->>0 AS "id", value->>1 AS "period", value->>3 AS "resets",
             ${inPeriod('rx', 'quarterRx')}, ${inPeriod('tx', 'quarterTx')}
           FROM json_each(?)) AS j
     WHERE "User"."id" = j."id"`,
    starts.map(({ userId, period, resets = false }) => [
      userId,
      period.name,
      quarterOf(period.startMs),
      resets,
    ]),
  );
}
