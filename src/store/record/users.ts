import { MAX_BYTES } from '../../domain/bytes.ts';
import type { Changes, UserChange } from '../../domain/tracking/changes.ts';
import type { DirectTransaction, RawTransaction } from '../database/connection.ts';
import { bulkRows, cappedAdd } from '../database/sql.ts';
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
 * Books the bytes of users and the observations of them. A user whose open quarter hour is another than the
 * given one must have no bytes there. The stored configuration of a peer that is managed, or that wgql removed,
 * is the one to restore, so changes by others do not overwrite it. A sum that reaches the largest storable
 * count stays there, and an event reports it.
 */
export async function bookUsers(
  tx: DirectTransaction,
  changes: readonly UserChange[],
  known: (publicKey: string) => KnownUser,
  quarter: number,
  largest: LargestSum,
): Promise<NewEvent[]> {
  const full = await idsToBeFull(tx, changes, known, largest);
  await tx.each(
    `UPDATE "User" SET "rx" = ${cappedAdd('"rx"')}, "tx" = ${cappedAdd('"tx"')},
       "lastSeenAt" = COALESCE(?, "lastSeenAt"), "quarter" = ?,
       "quarterRx" = ${cappedAdd('"quarterRx"')}, "quarterTx" = ${cappedAdd('"quarterTx"')}
     WHERE "id" = ?`,
    changes,
    (change) => [
      change.rxBytes,
      change.txBytes,
      change.lastSeenMs ?? null,
      quarter,
      change.currentRxBytes,
      change.currentTxBytes,
      known(change.publicKey).id,
    ],
  );
  await tx.each(
    `UPDATE "User" SET
       "quotaMarkRx" = ${cappedAdd('"quotaMarkRx"')}, "quotaMarkTx" = ${cappedAdd('"quotaMarkTx"')},
       "endpoint" = COALESCE(?, "endpoint"),
       "allowedIps" = CASE WHEN "managed" OR "removedByUs" THEN "allowedIps"
                           ELSE COALESCE(?, "allowedIps") END,
       "persistentKeepaliveSeconds" = CASE
         WHEN "managed" OR "removedByUs" OR NOT ? THEN "persistentKeepaliveSeconds" ELSE ? END
     WHERE "id" = ?`,
    changes.filter(hasMoreThanBytes),
    (change) => [
      change.openingRxBytes,
      change.openingTxBytes,
      change.endpoint ?? null,
      change.allowedIps ?? null,
      change.persistentKeepaliveSeconds !== undefined,
      change.persistentKeepaliveSeconds ?? null,
      known(change.publicKey).id,
    ],
  );
  return full.map((userId) => ({
    type: 'COUNTER_RESET',
    userId,
    sessionId: null,
    interface: null,
    endpoint: null,
    reason: 'SATURATED',
  }));
}

/** In most polls there are no such users. */
function hasMoreThanBytes(change: UserChange): boolean {
  return (
    change.openingRxBytes > 0n ||
    change.openingTxBytes > 0n ||
    change.endpoint !== undefined ||
    change.allowedIps !== undefined ||
    change.persistentKeepaliveSeconds !== undefined
  );
}

/** The users of whom a sum reaches the largest storable count now. */
async function idsToBeFull(
  tx: DirectTransaction,
  changes: readonly UserChange[],
  known: (publicKey: string) => KnownUser,
  largest: LargestSum,
): Promise<number[]> {
  let most = 0n;
  for (const { rxBytes, txBytes } of changes) {
    if (rxBytes > most) most = rxBytes;
    if (txBytes > most) most = txBytes;
  }
  if (most === 0n) return [];
  largest.bound = (largest.bound ?? (await readLargest(tx))) + most;
  if (largest.bound < MAX_BYTES) return [];
  largest.bound = null;
  const booked = new Map(changes.map((change) => [known(change.publicKey).id, change]));
  const near = await tx.$queryRawUnsafe<{ id: bigint; rx: bigint; tx: bigint }[]>(
    `SELECT "id", "rx", "tx" FROM "User" WHERE "rx" >= ? OR "tx" >= ?`,
    MAX_BYTES - most,
    MAX_BYTES - most,
  );
  const isReached = (sum: bigint, more: bigint) => sum < MAX_BYTES && more >= MAX_BYTES - sum;
  return near.flatMap(({ id, rx, tx: sent }) => {
    const change = booked.get(Number(id));
    if (change === undefined) return [];
    return isReached(rx, change.rxBytes) || isReached(sent, change.txBytes) ? [Number(id)] : [];
  });
}

/** A count that no sum of a user exceeds, kept between polls; null means unknown. */
export interface LargestSum {
  bound: bigint | null;
}

async function readLargest(tx: DirectTransaction): Promise<bigint> {
  const [row] = await tx.$queryRawUnsafe<[{ largest: bigint | null }]>(
    `SELECT MAX(MAX("rx", "tx")) AS "largest" FROM "User"`,
  );
  return row.largest ?? 0n;
}
