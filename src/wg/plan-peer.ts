import type { PeerStep, PlanContext, PolicyUpdate } from './plan-types.ts';
import type { AppliedState, Cut, PeerPolicy } from './policy.ts';
import type { PeerReading } from './reading.ts';

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
    steps.push({ interface: cut.interface, policy: config, isPresent: false });
  }
  const home = policy.interface;
  const belongsHome = policy.managed || owed.length === 0;
  if (belongsHome && home !== null && reads.has(home) && !reads.get(home)?.has(policy.publicKey)) {
    steps.push({ interface: home, policy, isPresent: false });
  }
  return steps;
}

/** A user declared before any interface was there belongs to the only one there is. */
export function withHome(
  policy: PeerPolicy,
  { reads, unknown }: PlanContext,
  set: PolicyUpdate['set'],
): PeerPolicy {
  const [only] = reads.keys();
  const isSettled = policy.interface !== null || only === undefined;
  if (isSettled || reads.size + unknown.size > 1) return policy;
  set.interface = only;
  return { ...policy, interface: only };
}

/** A peer that is on: only a managed one is held to its declaration. */
export function planPresent(
  policy: PeerPolicy,
  located: readonly (readonly [string, ReadonlyMap<string, PeerReading>])[],
  { reads, hasDeclaredKey }: PlanContext,
  set: PolicyUpdate['set'],
  removals: PeerStep[],
  puts: PeerStep[],
): AppliedState {
  if (!policy.managed) return 'PRESENT';
  const home = located.find(([name]) => name === policy.interface);
  const target = policy.interface;
  const mustMove = policy.configPending && target !== null && home === undefined;
  if (mustMove && !reads.has(target)) return 'PENDING';
  if (mustMove) {
    set.takenOff = true;
    for (const [name] of located) removals.push({ interface: name, policy, isPresent: true });
    puts.push({ interface: target, policy, isPresent: false });
    return 'PENDING';
  }
  const reading = home?.[1].get(policy.publicKey);
  if (home === undefined || reading === undefined) return 'PRESENT';
  const isInPlace = isAsDeclared(policy, reading) && hasDeclaredKey(policy, reading);
  if (!policy.configPending && isInPlace) return 'PRESENT';
  puts.push({ interface: home[0], policy, isPresent: true });
  return 'PENDING';
}

function isAsDeclared(policy: PeerPolicy, reading: PeerReading): boolean {
  const declared = [...(policy.allowedIps ?? reading.allowedIps)].sort().join(',');
  return (
    declared === [...reading.allowedIps].sort().join(',') &&
    policy.persistentKeepaliveSeconds === reading.persistentKeepaliveSeconds
  );
}
