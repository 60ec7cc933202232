import type { PeerStep, PlanContext, Steps } from '../../../domain/enforcement/plan.ts';
import type { Facts, Situation } from './placement.ts';

type StepsOf = (facts: Facts, context: PlanContext) => Partial<Steps>;

const nothing: StepsOf = () => ({});

/**
 * A peer is removed in two steps: its allowed IPs are cleared, so that the next read shows every byte that it
 * will ever move there, and it is removed once those bytes are recorded.
 */
const remove: StepsOf = ({ policy, observed }) => {
  const isCleared = ({ peer }: (typeof observed)[number]) => peer.allowedIps.length === 0;
  const stepOn = ({ interface: name }: (typeof observed)[number]): PeerStep => ({
    interface: name,
    policy,
    isPresent: true,
  });
  return {
    clearings: observed.filter((one) => !isCleared(one)).map(stepOn),
    removals: observed.filter(isCleared).map(stepOn),
  };
};

/**
 * A peer is restored wherever it was removed, with its former configuration, and a managed one on its
 * assigned interface as declared.
 */
const restore: StepsOf = (facts, context) => ({
  writes: [...restoringWrites(facts, context), ...assignedWrite(facts, context)],
});

/** For a peer that is on, restores only what was removed elsewhere. */
const restoreElsewhere: StepsOf = (facts, context) => {
  const isToRestore = ({ interface: name }: PeerStep) =>
    facts.toRestore.some((removed) => removed.interface === name);
  return {
    writes: [
      ...restoringWrites(facts, context),
      ...assignedWrite(facts, context).filter(isToRestore),
    ],
  };
};

const move: StepsOf = (facts, context) => {
  const { policy, observed } = facts;
  const isGoing = observed.every(({ peer }) => peer.allowedIps.length === 0);
  const target = policy.interface;
  const there = isGoing && target !== null ? [{ interface: target, policy, isPresent: false }] : [];
  const { writes = [] } = restoreElsewhere(facts, context);
  return { ...remove(facts, context), writes: [...writes, ...there] };
};

/** If no addresses were declared, the peer keeps the ones it has. */
const configure: StepsOf = (facts, context) => {
  const { policy, observed } = facts;
  const { writes = [] } = restoreElsewhere(facts, context);
  const corrections = observed
    .filter((one) => one.interface === policy.interface)
    .map(({ interface: name, peer }): PeerStep => {
      const keepsOwn = policy.allowedIps === null && peer.allowedIps.length > 0;
      const config = keepsOwn ? { ...policy, allowedIps: peer.allowedIps } : policy;
      return { interface: name, policy: config, isPresent: true };
    });
  return { writes: [...writes, ...corrections] };
};

const STEPS: Readonly<Record<Situation, StepsOf>> = {
  REMOVE: remove,
  REMOVE_LATER: nothing,
  OFF: nothing,
  MISSING: nothing,
  RESTORE: restore,
  NOT_OURS: nothing,
  MOVE: move,
  MOVE_LATER: restoreElsewhere,
  CONFIGURE: configure,
  ON: restoreElsewhere,
};

/** The steps to take in WireGuard in a situation. */
export function stepsOf(situation: Situation, facts: Facts, context: PlanContext): Partial<Steps> {
  return STEPS[situation](facts, context);
}

function restoringWrites(
  { policy, observed, toRestore }: Facts,
  { reads }: PlanContext,
): PeerStep[] {
  return toRestore
    .filter(({ interface: name }) => !(policy.managed && name === policy.interface))
    .filter(({ interface: name }) => reads.has(name))
    .map((removed) => ({
      interface: removed.interface,
      policy: { ...policy, ...removed, allowedIps: removed.allowedIps ?? policy.allowedIps },
      isPresent: observed.some((one) => one.interface === removed.interface),
    }));
}

function assignedWrite({ policy, observed, toRestore }: Facts, { reads }: PlanContext): PeerStep[] {
  const { interface: assigned, managed } = policy;
  if (assigned === null || !reads.has(assigned)) return [];
  const isThere = observed.some((one) => one.interface === assigned);
  const belongsThere = managed || toRestore.length === 0;
  return belongsThere && !isThere ? [{ interface: assigned, policy, isPresent: false }] : [];
}
