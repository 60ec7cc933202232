import type { PlanContext } from '../../../domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import { canonicalPrefix } from '../../../domain/wireguard/prefix.ts';
import type { PeerSnapshot } from '../../../domain/wireguard/snapshot.ts';

/** A user's peer on one interface that was read. */
export interface ObservedPeer {
  readonly interface: string;
  readonly peer: PeerSnapshot;
}

/** Whether a peer is as declared on its interface. Only a managed peer is compared with its configuration. */
export function isConfigured(
  policy: PeerPolicy,
  observed: readonly ObservedPeer[],
  { hasDeclaredKey }: PlanContext,
): boolean {
  const assigned = observed.find((one) => one.interface === policy.interface);
  if (!policy.managed || assigned === undefined) return true;
  const { peer } = assigned;
  return !policy.configPending && isAsDeclared(policy, peer) && hasDeclaredKey(policy, peer);
}

function isAsDeclared(policy: PeerPolicy, peer: PeerSnapshot): boolean {
  return (
    canonical(policy.allowedIps ?? peer.allowedIps) === canonical(peer.allowedIps) &&
    policy.persistentKeepaliveSeconds === peer.persistentKeepaliveSeconds
  );
}

function canonical(prefixes: readonly string[]): string {
  return prefixes
    .map((prefix) => canonicalPrefix(prefix) ?? prefix)
    .sort()
    .join(',');
}
