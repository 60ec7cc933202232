import type { Changes } from '../../domain/tracking/changes.ts';
import type { Transaction } from '../database/open.ts';

/** Names of interfaces contain no space, so no interface has this one. */
const onTheWayTo = (name: string) => ` ${name}`;

/**
 * Moves the records of interfaces to their new names, and the users assigned to them. In two steps, because
 * two interfaces may have exchanged their names. The previous record under a new name belongs to a device
 * that is gone.
 */
export async function recordRenames(
  tx: Transaction,
  { interfaces }: Pick<Changes, 'interfaces'>,
): Promise<void> {
  const renames = interfaces.filter((change) => change.kind === 'renamed');
  for (const { from, name: to } of renames) await move(tx, from, onTheWayTo(to));
  for (const { name: to } of renames) {
    await tx.interface.deleteMany({ where: { name: to } });
    await tx.$executeRaw`
      DELETE FROM "Peer" WHERE "interface" = ${to} AND "publicKey" IN
        (SELECT "publicKey" FROM "Peer" WHERE "interface" = ${onTheWayTo(to)})`;
    await tx.peer.updateMany({
      where: { interface: to },
      data: { present: false, rx: 0, tx: 0, handshake: 0 },
    });
    await move(tx, onTheWayTo(to), to);
  }
}

async function move(tx: Transaction, from: string, to: string): Promise<void> {
  await tx.interface.updateMany({ where: { name: from }, data: { name: to } });
  await tx.peer.updateMany({ where: { interface: from }, data: { interface: to } });
  await tx.user.updateMany({ where: { interface: from }, data: { interface: to } });
}
