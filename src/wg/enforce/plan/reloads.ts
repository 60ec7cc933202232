import type { PlanContext, Reload } from '../../../domain/enforcement/plan.ts';
import { cutReasonOf, type PeerPolicy } from '../../../domain/enforcement/policy.ts';

/** Whether others removed a managed peer that must be on. */
export function wasRemovedByOthers(policy: PeerPolicy, context: PlanContext): boolean {
  const { publicKey, managed, removedByUs, removedPeers, interface: assigned } = policy;
  if (!managed || removedByUs || removedPeers.some((cut) => cut.interface === assigned))
    return false;
  const isLocated = [...context.reads.values()].some((peers) => peers.has(publicKey));
  return (
    context.removedByOthers.has(publicKey) &&
    !isLocated &&
    cutReasonOf(policy, context.nowMs) === null
  );
}

/**
 * The interfaces that were reloaded from their configuration file, which does not contain the peers created
 * through an API. The removal of one peer is taken as intended; if several managed peers disappear in one
 * poll, and they are the majority of those present before, it is taken as a reload.
 */
export function reloadsIn(policies: readonly PeerPolicy[], context: PlanContext): Reload[] {
  const lost = new Map<string, number>();
  const left = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string) =>
    counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const policy of policies) {
    const { interface: assigned, managed, publicKey, missing } = policy;
    const peers = assigned === null ? undefined : context.reads.get(assigned);
    if (assigned === null || peers === undefined || !managed) continue;
    if (peers.has(publicKey)) add(left, assigned);
    else if (!missing && wasRemovedByOthers(policy, context)) add(lost, assigned);
  }
  return [...lost]
    .filter(([name, peers]) => peers > 1 && peers > (left.get(name) ?? 0))
    .map(([name, peers]) => ({ interface: name, peers }));
}
