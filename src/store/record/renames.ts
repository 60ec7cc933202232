import type { Changes } from '../../domain/tracking/changes.ts';
import type { RawTransaction } from '../database/connection.ts';

/** Names of interfaces contain no space, so no interface has this one. */
const onTheWayTo = (name: string) => ` ${name}`;

/**
 * Moves the records of interfaces to their new names, and the users assigned to them. In two steps, because
 * two interfaces may have exchanged their names. The previous record under a new name belongs to a device
 * that is gone.
 */
export async function recordRenames(
  tx: RawTransaction,
  { interfaces }: Pick<Changes, 'interfaces'>,
): Promise<void> {
  const renames = interfaces.filter((change) => change.kind === 'renamed');
  for (const { from, name: to } of renames) await move(tx, from, onTheWayTo(to));
  for (const { name: to } of renames) {
    await tx.$executeRawUnsafe(`DELETE FROM "Interface" WHERE "name" = ?`, to);
    await tx.$executeRawUnsafe(
      `DELETE FROM "Peer" WHERE "interface" = ? AND "publicKey" IN
         (SELECT "publicKey" FROM "Peer" WHERE "interface" = ?)`,
      to,
      onTheWayTo(to),
    );
    await tx.$executeRawUnsafe(
      `UPDATE "Peer" SET "present" = 0, "rx" = 0, "tx" = 0, "handshake" = 0 WHERE "interface" = ?`,
      to,
    );
    await move(tx, onTheWayTo(to), to);
  }
}

async function move(tx: RawTransaction, from: string, to: string): Promise<void> {
  await tx.$executeRawUnsafe(`UPDATE "Interface" SET "name" = ? WHERE "name" = ?`, to, from);
  await tx.$executeRawUnsafe(`UPDATE "Peer" SET "interface" = ? WHERE "interface" = ?`, to, from);
  await tx.$executeRawUnsafe(`UPDATE "User" SET "interface" = ? WHERE "interface" = ?`, to, from);
}
