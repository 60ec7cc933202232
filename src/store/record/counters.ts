import type { Changes, CounterChange } from '../../domain/tracking/changes.ts';
import type { DirectTransaction, RawTransaction } from '../database/connection.ts';

/**
 * Moves the marks: the raw counters up to which everything is booked. The stored configuration of a peer that
 * wgql removed is the one to restore, so changes by others do not overwrite it.
 */
export async function recordCounters(
  tx: DirectTransaction,
  counters: readonly CounterChange[],
): Promise<void> {
  await tx.each(
    `UPDATE "Peer" SET "rx" = ?, "tx" = ?, "handshake" = ?
     WHERE "node" = 'local' AND "interface" = ? AND "publicKey" = ?`,
    counters.filter(({ isNumbersOnly }) => isNumbersOnly),
    (counter) => [
      counter.rxBytes,
      counter.txBytes,
      counter.handshakeEpochSeconds,
      counter.interface,
      counter.publicKey,
    ],
  );
  await tx.each(
    `INSERT INTO "Peer" ("interface", "publicKey", "rx", "tx", "handshake", "present", "endpoint",
       "allowedIps", "persistentKeepaliveSeconds")
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT ("node", "interface", "publicKey") DO UPDATE SET
       "rx" = excluded."rx", "tx" = excluded."tx",
       "handshake" = excluded."handshake", "present" = excluded."present",
       "endpoint" = excluded."endpoint",
       "allowedIps" = CASE WHEN "Peer"."removedByUs" THEN "Peer"."allowedIps"
                           ELSE excluded."allowedIps" END,
       "persistentKeepaliveSeconds" = CASE WHEN "Peer"."removedByUs"
         THEN "Peer"."persistentKeepaliveSeconds"
         ELSE excluded."persistentKeepaliveSeconds" END`,
    counters.filter(({ isNumbersOnly }) => !isNumbersOnly),
    (counter) => [
      counter.interface,
      counter.publicKey,
      counter.rxBytes,
      counter.txBytes,
      counter.handshakeEpochSeconds,
      counter.present,
      counter.endpoint,
      counter.allowedIps,
      counter.persistentKeepaliveSeconds,
    ],
  );
}

export async function recordInterfaces(
  tx: RawTransaction,
  { interfaces, atMs }: Pick<Changes, 'interfaces' | 'atMs'>,
): Promise<void> {
  for (const change of interfaces) {
    const { name } = change;
    if (change.kind === 'renamed') continue;
    if (change.kind === 'down') {
      await tx.$executeRawUnsafe(
        `UPDATE "Interface" SET "up" = 0, "lastReadAt" = ? WHERE "name" = ?`,
        atMs,
        name,
      );
      continue;
    }
    await tx.$executeRawUnsafe(
      `INSERT INTO "Interface" ("name", "generation", "publicKey", "listenPort", "up",
         "firstSeenAt", "lastReadAt")
       VALUES (?, ?, ?, ?, 1, ?, ?)
       ON CONFLICT ("node", "name") DO UPDATE SET
         "generation" = excluded."generation", "publicKey" = excluded."publicKey",
         "listenPort" = excluded."listenPort", "up" = 1, "lastReadAt" = excluded."lastReadAt"`,
      name,
      JSON.stringify(change.generation),
      change.publicKey,
      change.listenPort,
      atMs,
      atMs,
    );
  }
}
