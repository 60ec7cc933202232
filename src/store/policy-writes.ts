import type { PolicyUpdate } from '../wg/plan-types.ts';
import type { CutReason } from '../wg/policy.ts';
import type { PolicyReport } from '../wg/policy-store.ts';
import type { Transaction } from './database.ts';
import { AUTOMATIC } from './record-events.ts';
import { runBulk } from './sql.ts';

/** Columns of an update; one that it does not set keeps its value. */
const SETTABLE = [
  'cutReason',
  'takenOff',
  'kickRequested',
  'missing',
  'quotaWarned',
  'applied',
  'interface',
] as const;

export async function writeUpdates(
  tx: Transaction,
  updates: readonly PolicyUpdate[],
  at: Date,
): Promise<void> {
  const rows = updates.map(({ userId, set, restartsQuota }) => ({
    ...set,
    id: userId,
    restartsQuota,
    at: at.getTime(),
  }));
  const kept = (column: string) =>
    `"${column}" = CASE WHEN json_type(j.value, '$.${column}') IS NULL
       THEN "User"."${column}" ELSE j.value->>'$.${column}' END`;
  const restarted = (column: string, value: string) =>
    `"${column}" = CASE WHEN j.value->>'$.restartsQuota' THEN ${value} ELSE "User"."${column}" END`;
  await tx.$executeRawUnsafe(
    `UPDATE "User" SET ${SETTABLE.map(kept).join(', ')},
       "appliedAt" = CASE WHEN json_type(j.value, '$.applied') IS NULL
         THEN "User"."appliedAt" ELSE j.value->>'$.at' END,
       ${restarted('quotaMarkRx', '"User"."rx"')}, ${restarted('quotaMarkTx', '"User"."tx"')},
       ${restarted('quotaMarkAt', "j.value->>'$.at'")}
     FROM (SELECT value FROM json_each(?)) AS j WHERE "User"."id" = j.value->>'$.id'`,
    JSON.stringify(rows),
  );
  await writeCuts(tx, updates);
  const cutOff = updates.filter(({ set }) => AUTOMATIC_CUTS.has(set.cutReason ?? null));
  await runBulk(
    tx,
    `INSERT INTO "AuditEntry" ("at", "actor", "action", "userId", "detail")
     SELECT value->>0, '${AUTOMATIC}', 'cutOff', value->>1, value->>2 FROM json_each(?)`,
    cutOff.map(({ userId, set }) => [
      at.getTime(),
      userId,
      JSON.stringify({ reason: set.cutReason }),
    ]),
  );
}

/** Notes from which interfaces peers are taken, and on which they are back. */
function writeCuts(tx: Transaction, updates: readonly PolicyUpdate[]): Promise<void> {
  const rows = updates.flatMap(({ userId, takenFrom, backOn }) => [
    ...takenFrom.map((name) => [userId, name, true] as const),
    ...backOn.map((name) => [userId, name, false] as const),
  ]);
  return runBulk(
    tx,
    `UPDATE "Counter" SET "cut" = j."cut"
     FROM (SELECT u."publicKey" AS "publicKey", r.value->>1 AS "interface", r.value->>2 AS "cut"
           FROM json_each(?) AS r JOIN "User" AS u ON u."id" = r.value->>0) AS j
     WHERE "Counter"."publicKey" = j."publicKey" AND "Counter"."interface" = j."interface"`,
    rows,
  );
}

const AUTOMATIC_CUTS: ReadonlySet<CutReason | null> = new Set(['EXPIRED', 'QUOTA_EXCEEDED']);

/** What an administrator changed while it was being applied stays pending. */
export function writeReports(tx: Transaction, reports: readonly PolicyReport[]): Promise<void> {
  return runBulk(
    tx,
    `UPDATE "User" SET "enforcementError" = j.value->>1,
       "configPending" = CASE WHEN j.value->>2 AND "User"."declaration" = j.value->>3
         THEN 0 ELSE "User"."configPending" END
     FROM (SELECT value FROM json_each(?)) AS j WHERE "User"."id" = j.value->>0`,
    reports.map(({ userId, error, configured, declaration }) => [
      userId,
      error === null ? null : JSON.stringify(error),
      configured,
      declaration,
    ]),
  );
}
