import type { Plan } from '../../../domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { PolicyStore } from '../../../domain/enforcement/policy-store.ts';
import type { NetworksOf } from '../../host-networks.ts';
import { catchAppError } from '../catch-app-error.ts';
import { addFailure, type Failures } from '../failures.ts';

/**
 * Assigns addresses to users who were declared before their interface existed. A user whose peer is added now
 * gets them during that; the others, whose peers are off for now, must not lose them to users created later.
 */
export async function assignAddresses(
  { policies: store, networksOf }: GiveOptions,
  policies: readonly PeerPolicy[],
  { updates, writes }: Pick<Plan, 'updates' | 'writes'>,
  reads: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  failures: Failures,
): Promise<void> {
  const onTheWay = new Set(writes.map(({ policy }) => policy.userId));
  const homes = new Map(updates.map(({ userId, set }) => [userId, set.interface]));
  for (const policy of policies) {
    const { userId, publicKey, managed, isDeleted, allowedIps, interface: known } = policy;
    if (!managed || isDeleted || allowedIps !== null || onTheWay.has(userId)) continue;
    const assigned = homes.get(userId) ?? known;
    if (assigned === null || !reads.has(assigned)) continue;
    // Its owner gave it addresses there, and its client uses them.
    if (reads.get(assigned)?.has(publicKey)) continue;
    await catchAppError(
      async () => {
        const networks = networksOf(assigned);
        if (networks.length > 0) await store.allocate(userId, assigned, networks);
      },
      (text) => addFailure(failures, userId, text),
    );
  }
}

interface GiveOptions {
  readonly policies: PolicyStore;
  readonly networksOf: NetworksOf;
}
