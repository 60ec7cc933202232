import type {
  PeerStep,
  PlanContext,
  PolicyUpdate,
  Steps,
} from '../../../domain/enforcement/plan.ts';
import type { AppliedState, PeerPolicy, RemovedPeer } from '../../../domain/enforcement/policy.ts';
import { canonicalPrefix } from '../../../domain/wireguard/prefix.ts';
import type { PeerSnapshot } from '../../../domain/wireguard/snapshot.ts';

/**
 * Where to put a peer: wherever it was taken off, with what it had there; a managed one on its own
 * interface as declared.
 */
export function restoringWrites(
  policy: PeerPolicy,
  toRestore: readonly RemovedPeer[],
  { reads }: PlanContext,
): PeerStep[] {
  const steps: PeerStep[] = [];
  for (const removed of toRestore) {
    const isDeclaredHere = policy.managed && removed.interface === policy.interface;
    if (isDeclaredHere || !reads.has(removed.interface)) continue;
    const allowedIps = removed.allowedIps ?? policy.allowedIps;
    const config = { ...policy, ...removed, allowedIps };
    const isPresent = reads.get(removed.interface)?.has(policy.publicKey) ?? false;
    steps.push({ interface: removed.interface, policy: config, isPresent });
  }
  const assigned = policy.interface;
  const belongsOnAssigned = policy.managed || toRestore.length === 0;
  if (
    belongsOnAssigned &&
    assigned !== null &&
    reads.has(assigned) &&
    !reads.get(assigned)?.has(policy.publicKey)
  ) {
    steps.push({ interface: assigned, policy, isPresent: false });
  }
  return steps;
}

type ObservedOn = readonly (readonly [string, ReadonlyMap<string, PeerSnapshot>])[];

/**
 * Takes a peer off in two steps: it is silenced, so that the next read holds every byte that it will
 * ever move here, and removed once that is booked.
 */
export function leave(policy: PeerPolicy, observedOn: ObservedOn, steps: Steps): void {
  for (const [name, peers] of observedOn) {
    const isCleared = peers.get(policy.publicKey)?.allowedIps.length === 0;
    const step = { interface: name, policy, isPresent: true };
    if (isCleared) steps.removals.push(step);
    else steps.clearings.push(step);
  }
}

/** Whether the program has silenced a peer that it did not come to remove. */
export function isCleared(
  policy: PeerPolicy,
  removed: RemovedPeer,
  { reads }: PlanContext,
): boolean {
  const reading = reads.get(removed.interface)?.get(policy.publicKey);
  const hadPrefixes = (removed.allowedIps ?? policy.allowedIps ?? []).length > 0;
  return reading !== undefined && reading.allowedIps.length === 0 && hadPrefixes;
}

/** A user declared before any interface was there belongs to the only one watched. */
export function adoptObservedInterface(
  policy: PeerPolicy,
  { reads, unknown, watched }: PlanContext,
  set: PolicyUpdate['set'],
): PeerPolicy {
  const [only] = reads.keys();
  const isSettled = policy.interface !== null || only === undefined;
  if (isSettled || reads.size + unknown.size > 1 || watched.length > 1) return policy;
  set.interface = only;
  return { ...policy, interface: only };
}

/** A peer that is on: only a managed one is held to its configuration. */
export function planPresent(
  policy: PeerPolicy,
  observedOn: ObservedOn,
  { reads, hasDeclaredKey }: PlanContext,
  set: PolicyUpdate['set'],
  steps: Steps,
): AppliedState {
  if (!policy.managed) return 'PRESENT';
  const assigned = observedOn.find(([name]) => name === policy.interface);
  const target = policy.interface;
  const mustMove = policy.configPending && target !== null && assigned === undefined;
  if (mustMove && !reads.has(target)) return 'PENDING';
  if (mustMove) {
    set.takenOff = true;
    leave(policy, observedOn, steps);
    const isGoing = observedOn.every(
      ([, peers]) => peers.get(policy.publicKey)?.allowedIps.length === 0,
    );
    if (isGoing) steps.writes.push({ interface: target, policy, isPresent: false });
    return 'PENDING';
  }
  const reading = assigned?.[1].get(policy.publicKey);
  if (assigned === undefined || reading === undefined) return 'PRESENT';
  const isInPlace = isAsDeclared(policy, reading) && hasDeclaredKey(policy, reading);
  if (!policy.configPending && isInPlace) return 'PRESENT';
  // Addresses that nobody declared are those that the peer has.
  const known = policy.allowedIps === null && reading.allowedIps.length > 0;
  const held = known ? { ...policy, allowedIps: reading.allowedIps } : policy;
  steps.writes.push({ interface: assigned[0], policy: held, isPresent: true });
  return 'PENDING';
}

function isAsDeclared(policy: PeerPolicy, reading: PeerSnapshot): boolean {
  const canonical = (prefixes: readonly string[]) =>
    prefixes
      .map((prefix) => canonicalPrefix(prefix) ?? prefix)
      .sort()
      .join(',');
  return (
    canonical(policy.allowedIps ?? reading.allowedIps) === canonical(reading.allowedIps) &&
    policy.persistentKeepaliveSeconds === reading.persistentKeepaliveSeconds
  );
}
