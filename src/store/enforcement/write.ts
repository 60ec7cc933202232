import type { PolicyUpdate } from '../../domain/enforcement/plan.ts';
import type { PolicyReport } from '../../domain/enforcement/policy-store.ts';
import type { Transaction } from '../database/open.ts';
import { runBulk } from '../database/sql.ts';
import { AUTOMATIC } from '../event-log.ts';

/**
 * Columns of an update; one that it does not set keeps its value. The updates were planned on an earlier
 * load, so requests of an administrator since then take precedence: a deletion, and an assigned interface.
 */
const SETTABLE = [
  'cutReason',
  'removedByUs',
  'kickRequested',
  'missing',
  'quotaWarned',
  'applied',
  'interface',
] as const;

const ASKED_FOR: Readonly<Record<string, string>> = {
  cutReason: `"User"."cutReason" = 'DELETED'`,
  interface: `"User"."interface" IS NOT NULL`,
};

export async function writeUpdates(
  tx: Transaction,
  updates: readonly PolicyUpdate[],
  at: Date,
): Promise<void> {
  const rows = updates.map(({ userId, set }) => ({ ...set, id: userId, at: at.getTime() }));
  const kept = (column: string) =>
    `"${column}" = CASE
       WHEN json_type(j.value, '$.${column}') IS NULL OR ${ASKED_FOR[column] ?? 'false'}
       THEN "User"."${column}" ELSE j.value->>'$.${column}' END`;
  await tx.$executeRawUnsafe(
    `UPDATE "User" SET ${SETTABLE.map(kept).join(', ')},
       "appliedAt" = CASE WHEN json_type(j.value, '$.applied') IS NULL
         THEN "User"."appliedAt" ELSE j.value->>'$.at' END
     FROM (SELECT value FROM json_each(?)) AS j WHERE "User"."id" = j.value->>'$.id'`,
    JSON.stringify(rows),
  );
  await writeCuts(tx, updates);
  await runBulk(
    tx,
    `INSERT INTO "AuditEntry" ("at", "actor", "action", "userId", "detail")
     SELECT value->>0, '${AUTOMATIC}', 'cutOff', value->>1, value->>2 FROM json_each(?)`,
    updates.flatMap(({ userId, cutOff: reason }) =>
      reason === undefined ? [] : [[at.getTime(), userId, JSON.stringify({ reason })]],
    ),
  );
}

/** Records the interfaces that peers are removed from, and those that they are restored to. */
function writeCuts(tx: Transaction, updates: readonly PolicyUpdate[]): Promise<void> {
  const rows = updates.flatMap(({ userId, removedFrom, restoredTo }) => [
    ...removedFrom.map((name) => [userId, name, true] as const),
    ...restoredTo.map((name) => [userId, name, false] as const),
  ]);
  return runBulk(
    tx,
    `UPDATE "Peer" SET "removedByUs" = j."removedByUs"
     FROM (SELECT u."publicKey" AS "publicKey", r.value->>1 AS "interface", r.value->>2 AS "removedByUs"
           FROM json_each(?) AS r JOIN "User" AS u ON u."id" = r.value->>0) AS j
     WHERE "Peer"."publicKey" = j."publicKey" AND "Peer"."interface" = j."interface"`,
    rows,
  );
}

/**
 * Stores the preshared keys of peers as they were on one interface. A user's own key, if the peer becomes
 * managed, is that of its assigned interface or, if the peer is not there, of the interface that it is on.
 */
export async function writeKeys(
  tx: Transaction,
  interfaceName: string,
  keys: readonly { readonly publicKey: string; readonly sealed: string | null }[],
): Promise<void> {
  const rows = keys.map(({ publicKey, sealed }) => [publicKey, sealed, interfaceName]);
  const given = `(SELECT value->>0 AS "publicKey", value->>1 AS "presharedKey",
    value->>2 AS "interface" FROM json_each(?)) AS j`;
  await runBulk(
    tx,
    `UPDATE "Peer" SET "presharedKey" = j."presharedKey" FROM ${given}
     WHERE "Peer"."publicKey" = j."publicKey" AND "Peer"."interface" = j."interface"
       AND NOT "Peer"."removedByUs" AND "Peer"."presharedKey" IS NOT j."presharedKey"`,
    rows,
  );
  await runBulk(
    tx,
    `UPDATE "User" SET "presharedKey" = j."presharedKey", "presharedKeyKnown" = 1 FROM ${given}
     WHERE "User"."publicKey" = j."publicKey"
       AND NOT ("User"."managed" AND "User"."presharedKeyKnown")
       AND NOT ("User"."presharedKeyKnown" AND "User"."presharedKey" IS j."presharedKey")
       AND NOT EXISTS (
         SELECT 1 FROM "Peer" AS c
         WHERE c."publicKey" = j."publicKey" AND c."interface" = "User"."interface"
           AND (c."removedByUs" OR (c."present" AND c."interface" <> j."interface")))`,
    rows,
  );
}

/** A configuration that an administrator changed while it was being applied stays pending. */
export function writeReports(tx: Transaction, reports: readonly PolicyReport[]): Promise<void> {
  return runBulk(
    tx,
    `UPDATE "User" SET "enforcementError" = j.value->>1,
       "configPending" = CASE WHEN j.value->>2 AND "User"."revision" = j.value->>3
         THEN 0 ELSE "User"."configPending" END
     FROM (SELECT value FROM json_each(?)) AS j WHERE "User"."id" = j.value->>0`,
    reports.map(({ userId, error, configured, revision }) => [
      userId,
      error === null ? null : JSON.stringify(error),
      configured,
      revision,
    ]),
  );
}
