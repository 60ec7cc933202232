import type {
  PeerStep,
  PlanContext,
  PolicyUpdate,
  Steps,
} from '../../../domain/enforcement/plan.ts';
import type { AppliedState, Cut, PeerPolicy } from '../../../domain/enforcement/policy.ts';
import { canonicalPrefix } from '../../../domain/wireguard/prefix.ts';
import type { PeerReading } from '../../../domain/wireguard/snapshot.ts';

/**
 * Where to put a peer: wherever it was taken off, with what it had there; a managed one on its own
 * interface as declared.
 */
export function putsBack(
  policy: PeerPolicy,
  owed: readonly Cut[],
  { reads }: PlanContext,
): PeerStep[] {
  const steps: PeerStep[] = [];
  for (const cut of owed) {
    const isDeclaredHere = policy.managed && cut.interface === policy.interface;
    if (isDeclaredHere || !reads.has(cut.interface)) continue;
    const allowedIps = cut.allowedIps ?? policy.allowedIps;
    const config = { ...policy, ...cut, allowedIps };
    const isPresent = reads.get(cut.interface)?.has(policy.publicKey) ?? false;
    steps.push({ interface: cut.interface, policy: config, isPresent });
  }
  const home = policy.interface;
  const belongsHome = policy.managed || owed.length === 0;
  if (belongsHome && home !== null && reads.has(home) && !reads.get(home)?.has(policy.publicKey)) {
    steps.push({ interface: home, policy, isPresent: false });
  }
  return steps;
}

type Located = readonly (readonly [string, ReadonlyMap<string, PeerReading>])[];

/**
 * Takes a peer off in two steps: it is silenced, so that the next read holds every byte that it will
 * ever move here, and removed once that is booked.
 */
export function leave(policy: PeerPolicy, located: Located, steps: Steps): void {
  for (const [name, peers] of located) {
    const isSilent = peers.get(policy.publicKey)?.allowedIps.length === 0;
    const step = { interface: name, policy, isPresent: true };
    if (isSilent) steps.removals.push(step);
    else steps.silences.push(step);
  }
}

/** Whether the program has silenced a peer that it did not come to remove. */
export function isSilenced(policy: PeerPolicy, cut: Cut, { reads }: PlanContext): boolean {
  const reading = reads.get(cut.interface)?.get(policy.publicKey);
  const hadPrefixes = (cut.allowedIps ?? policy.allowedIps ?? []).length > 0;
  return reading !== undefined && reading.allowedIps.length === 0 && hadPrefixes;
}

/** A user declared before any interface was there belongs to the only one watched. */
export function withHome(
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

/** A peer that is on: only a managed one is held to its declaration. */
export function planPresent(
  policy: PeerPolicy,
  located: Located,
  { reads, hasDeclaredKey }: PlanContext,
  set: PolicyUpdate['set'],
  steps: Steps,
): AppliedState {
  if (!policy.managed) return 'PRESENT';
  const home = located.find(([name]) => name === policy.interface);
  const target = policy.interface;
  const mustMove = policy.configPending && target !== null && home === undefined;
  if (mustMove && !reads.has(target)) return 'PENDING';
  if (mustMove) {
    set.takenOff = true;
    leave(policy, located, steps);
    const isGoing = located.every(
      ([, peers]) => peers.get(policy.publicKey)?.allowedIps.length === 0,
    );
    if (isGoing) steps.puts.push({ interface: target, policy, isPresent: false });
    return 'PENDING';
  }
  const reading = home?.[1].get(policy.publicKey);
  if (home === undefined || reading === undefined) return 'PRESENT';
  const isInPlace = isAsDeclared(policy, reading) && hasDeclaredKey(policy, reading);
  if (!policy.configPending && isInPlace) return 'PRESENT';
  // Addresses that nobody declared are those that the peer has.
  const known = policy.allowedIps === null && reading.allowedIps.length > 0;
  const held = known ? { ...policy, allowedIps: reading.allowedIps } : policy;
  steps.puts.push({ interface: home[0], policy: held, isPresent: true });
  return 'PENDING';
}

function isAsDeclared(policy: PeerPolicy, reading: PeerReading): boolean {
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
