import type { PeerStep } from '../../../domain/enforcement/plan.ts';
import type { PeerSnapshot } from '../../../domain/wireguard/snapshot.ts';
import type { PreparedWrite } from '../peers/write-peers.ts';

/** The properties of a peer that limits depend on. */
export type LimitablePeer = Pick<PeerSnapshot, 'publicKey' | 'allowedIps' | 'latestHandshake'>;

/** By interface and public key. */
export type LimitablePeers = ReadonlyMap<string, ReadonlyMap<string, LimitablePeer>>;

/**
 * The peers to limit: the known ones and those about to be added, because no byte may pass between the
 * addition of a peer and its limit. A peer whose prefixes change has both sets meanwhile, and a kicked peer
 * keeps its limits until it is restored.
 */
export function limitedPeers(
  known: LimitablePeers,
  writes: readonly PreparedWrite[],
  removals: readonly PeerStep[],
): LimitablePeers {
  if (writes.length === 0 && removals.length === 0) return known;
  const all = new Map<string, Map<string, LimitablePeer>>();
  for (const [name, peers] of known) all.set(name, new Map(peers));
  const add = (name: string, publicKey: string, prefixes: readonly string[]) => {
    const peers = all.get(name);
    const before = peers?.get(publicKey) ?? { publicKey, allowedIps: [], latestHandshake: 0 };
    const allowedIps = [...new Set([...before.allowedIps, ...prefixes])];
    peers?.set(publicKey, { ...before, allowedIps });
  };
  for (const { interface: name, config } of writes) add(name, config.publicKey, config.allowedIps);
  for (const { interface: name, policy } of removals) {
    const removed = policy.removedPeers.find((one) => one.interface === name);
    const isKicked = policy.kickRequested && policy.cutReason === null;
    if (isKicked) add(name, policy.publicKey, removed?.allowedIps ?? []);
  }
  return all;
}
