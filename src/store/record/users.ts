import { MAX_BYTES } from '../../domain/bytes.ts';
import type { Changes, UserChange } from '../../domain/tracking/changes.ts';
import type { RawTransaction } from '../database/connection.ts';
import { bulkRows, runBulk, saturatingAdd } from '../database/sql.ts';
import type { NewEvent } from '../event-log.ts';
import type { KnownUser } from './known-user.ts';

/**
 * Registers the peers that are not users yet, as `User_<id>`, and returns every user of these changes that
 * was not known.
 */
export async function registerUsers(
  tx: RawTransaction,
  changes: Changes,
  known: ReadonlyMap<string, KnownUser>,
): Promise<Map<string, KnownUser>> {
  const unknown = new Map<string, string | null>();
  const notice = (publicKey: string, interfaceName: string | null) => {
    if (changes.deletedKeys.has(publicKey)) return;
    if (!known.has(publicKey)) unknown.set(publicKey, unknown.get(publicKey) ?? interfaceName);
  };
  for (const change of changes.users) notice(change.publicKey, change.interface);
  for (const change of changes.sessions) notice(change.publicKey, null);
  for (const { publicKey, interface: name } of changes.events) {
    if (publicKey !== null) notice(publicKey, name);
  }
  if (unknown.size === 0) return new Map();

  const keys = bulkRows([...unknown].map(([publicKey, name]) => [publicKey, name, changes.atMs]));
  await tx.$executeRawUnsafe(
    `INSERT INTO "User" ("publicKey", "interface", "createdAt", "updatedAt", "quotaMarkAt")
     SELECT value->>0, value->>1, value->>2, value->>2, value->>2 FROM json_each(?)
     WHERE true ON CONFLICT ("publicKey") DO NOTHING`,
    keys,
  );
  await tx.$executeRawUnsafe(
    `UPDATE "User" SET "nickname" = 'User_' || "id"
     WHERE "nickname" = '' AND "registeredAt" IS NULL
       AND "publicKey" IN (SELECT value->>0 FROM json_each(?))`,
    keys,
  );
  await tx.$executeRawUnsafe(
    `UPDATE "User" SET "interface" = j."interface"
     FROM (SELECT value->>0 AS "publicKey", value->>1 AS "interface" FROM json_each(?)) AS j
     WHERE "User"."publicKey" = j."publicKey" AND "User"."interface" IS NULL`,
    keys,
  );
  const rows = await tx.$queryRawUnsafe<{ id: number; publicKey: string; sessionId: number }[]>(
    `SELECT u."id" AS "id", u."publicKey" AS "publicKey",
            CASE WHEN u."online" THEN u."latestSessionId" END AS "sessionId"
     FROM "User" AS u
     WHERE u."publicKey" IN (SELECT value->>0 FROM json_each(?))`,
    keys,
  );
  return new Map(
    rows.map((row) => [
      row.publicKey,
      {
        id: Number(row.id),
        openSessionId: row.sessionId === null ? null : Number(row.sessionId),
      },
    ]),
  );
}

/**
 * Books the bytes of users and the observations of them. The stored configuration of a peer that is managed,
 * or that wgql removed, is the one to restore, so changes by others do not overwrite it. A sum that reaches
 * the largest storable count stays there, and an event reports it.
 */
export async function bookUsers(
  tx: RawTransaction,
  changes: readonly UserChange[],
  known: (publicKey: string) => KnownUser,
): Promise<NewEvent[]> {
  const rows = changes.map((change) => [
    known(change.publicKey).id,
    change.rxBytes,
    change.txBytes,
    change.openingRxBytes,
    change.openingTxBytes,
    change.endpoint ?? null,
    change.lastSeenMs ?? null,
    change.allowedIps ?? null,
    change.persistentKeepaliveSeconds ?? null,
    change.persistentKeepaliveSeconds !== undefined,
  ]);
  const filling = await tx.$queryRawUnsafe<{ id: number }[]>(
    `SELECT u."id" AS "id" FROM json_each(?) AS j JOIN "User" AS u ON u."id" = j.value->>0
     WHERE (u."rx" < ${MAX_BYTES} AND CAST(j.value->>1 AS INTEGER) >= ${MAX_BYTES} - u."rx")
        OR (u."tx" < ${MAX_BYTES} AND CAST(j.value->>2 AS INTEGER) >= ${MAX_BYTES} - u."tx")`,
    bulkRows(rows),
  );
  await runBulk(
    tx,
    `WITH j AS MATERIALIZED (
       SELECT value->>0 AS "id",
              CAST(value->>1 AS INTEGER) AS "rx", CAST(value->>2 AS INTEGER) AS "tx",
              CAST(value->>3 AS INTEGER) AS "openingRx", CAST(value->>4 AS INTEGER) AS "openingTx",
              value->>5 AS "endpoint", value->>6 AS "lastSeenAt", value->>7 AS "allowedIps",
              value->>8 AS "keepalive", value->>9 AS "hasKeepalive"
       FROM json_each(?))
     UPDATE "User" SET
       "rx" = ${saturatingAdd('"User"."rx"', 'j."rx"')},
       "tx" = ${saturatingAdd('"User"."tx"', 'j."tx"')},
       "quotaMarkRx" = ${saturatingAdd('"User"."quotaMarkRx"', 'j."openingRx"')},
       "quotaMarkTx" = ${saturatingAdd('"User"."quotaMarkTx"', 'j."openingTx"')},
       "endpoint" = COALESCE(j."endpoint", "User"."endpoint"),
       "lastSeenAt" = COALESCE(j."lastSeenAt", "User"."lastSeenAt"),
       "allowedIps" = CASE WHEN "User"."managed" OR "User"."removedByUs" THEN "User"."allowedIps"
                           ELSE COALESCE(j."allowedIps", "User"."allowedIps") END,
       "persistentKeepaliveSeconds" = CASE
         WHEN "User"."managed" OR "User"."removedByUs" OR NOT j."hasKeepalive" THEN "User"."persistentKeepaliveSeconds"
         ELSE j."keepalive" END
     FROM j WHERE "User"."id" = j."id"`,
    rows,
  );
  return filling.map(({ id }) => ({
    type: 'COUNTER_RESET',
    userId: Number(id),
    sessionId: null,
    interface: null,
    endpoint: null,
    reason: 'SATURATED',
  }));
}
