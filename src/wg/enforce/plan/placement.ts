import type { PlanContext } from '../../../domain/enforcement/plan.ts';
import {
  type CutReason,
  cutReasonOf,
  type PeerPolicy,
  type RemovedPeer,
} from '../../../domain/enforcement/policy.ts';
import type { PeerSnapshot } from '../../../domain/wireguard/snapshot.ts';
import { isConfigured, type ObservedPeer } from './configured.ts';
import { wasRemovedByOthers } from './reloads.ts';

/** The required and the observed state of a user's peer. */
export interface Facts {
  /** The policy, with the interface that it is assigned to. */
  readonly policy: PeerPolicy;
  readonly observed: readonly ObservedPeer[];
  /** The reason why the peer must be off, or null. */
  readonly reason: CutReason | null;
  /** Others removed the managed peer; wgql does not restore it without an explicit request. */
  readonly missing: boolean;
  /** Removed peers that are not restored yet. */
  readonly toRestore: readonly RemovedPeer[];
  /** No interface that might hold the peer is unreadable or unmonitored. */
  readonly isKnown: boolean;
}

/**
 * The situations of a peer; the first one whose condition holds applies. docs/ARCHITECTURE.md shows the
 * transitions between them.
 */
export type Situation =
  /** It is on and must be removed. */
  | 'REMOVE'
  /** It is on, and the deletion waits for an interface that cannot be read. */
  | 'REMOVE_LATER'
  /** It is off, as it must be. */
  | 'OFF'
  /** It is off because others removed it. */
  | 'MISSING'
  /** It is off and must be on: wgql owns it, or removed it. */
  | 'RESTORE'
  /** It is off, and wgql does not manage it. */
  | 'NOT_OURS'
  /** It is on an interface that it is no longer assigned to. */
  | 'MOVE'
  /** The same, and the assigned interface cannot be read. */
  | 'MOVE_LATER'
  /** It is on, and not configured as declared. */
  | 'CONFIGURE'
  /** It is on, as it must be. */
  | 'ON';

export function factsOf(
  declared: PeerPolicy,
  context: PlanContext,
  reloaded: ReadonlySet<string>,
): Facts {
  const policy = adoptObservedInterface(declared, context);
  const { publicKey } = policy;
  const observed = [...context.reads].flatMap(([name, peers]): ObservedPeer[] => {
    const peer = peers.get(publicKey);
    return peer === undefined ? [] : [{ interface: name, peer }];
  });
  const isReloaded = policy.interface !== null && reloaded.has(policy.interface);
  const isStillMissing = policy.missing && observed.length === 0;
  return {
    policy,
    observed,
    reason: cutReasonOf(policy, context.nowMs),
    missing: isStillMissing || (wasRemovedByOthers(policy, context) && !isReloaded),
    toRestore: policy.removedPeers.filter((removed) => {
      const there = observed.find((one) => one.interface === removed.interface);
      return there === undefined || isCleared(policy, removed, there.peer);
    }),
    isKnown: isKnown(policy, context),
  };
}

type Condition = (facts: Facts, context: PlanContext) => boolean;

const isOn: Condition = ({ observed }) => observed.length > 0;
const mustGo: Condition = ({ reason, policy, observed }) =>
  reason !== null || (policy.kickRequested && observed.length > 0);
const isOurs: Condition = ({ policy, toRestore }) =>
  policy.managed || policy.removedByUs || toRestore.length > 0;
const mustMove: Condition = ({ policy, observed }) =>
  policy.managed &&
  policy.configPending &&
  policy.interface !== null &&
  !observed.some((one) => one.interface === policy.interface);
const hasTarget: Condition = ({ policy }, { reads }) =>
  policy.interface !== null && reads.has(policy.interface);

const SITUATIONS: readonly (readonly [Situation, ...Condition[]])[] = [
  ['REMOVE_LATER', mustGo, isOn, ({ reason, isKnown: known }) => reason === 'DELETED' && !known],
  ['REMOVE', mustGo, isOn],
  ['OFF', mustGo],
  ['MOVE', isOn, mustMove, hasTarget],
  ['MOVE_LATER', isOn, mustMove],
  ['CONFIGURE', isOn, ({ policy, observed }, context) => !isConfigured(policy, observed, context)],
  ['ON', isOn],
  ['MISSING', ({ policy, missing }) => policy.managed && missing],
  ['RESTORE', isOurs],
  ['NOT_OURS'],
];

export function situationOf(facts: Facts, context: PlanContext): Situation {
  const found = SITUATIONS.find(([, ...conditions]) =>
    conditions.every((holds) => holds(facts, context)),
  );
  return found?.[0] ?? 'NOT_OURS';
}

/** Whether wgql has cleared the allowed IPs of a peer that it does not intend to remove. */
export function isCleared(policy: PeerPolicy, removed: RemovedPeer, peer: PeerSnapshot): boolean {
  const hadAllowedIps = (removed.allowedIps ?? policy.allowedIps ?? []).length > 0;
  return peer.allowedIps.length === 0 && hadAllowedIps;
}

/** A user declared before any interface existed belongs to the only monitored one. */
function adoptObservedInterface(
  policy: PeerPolicy,
  { reads, unknown, watched }: PlanContext,
): PeerPolicy {
  const [only] = reads.keys();
  const isSettled = policy.interface !== null || only === undefined;
  if (isSettled || reads.size + unknown.size > 1 || watched.length > 1) return policy;
  return { ...policy, interface: only };
}

function isKnown({ interface: assigned, publicKey }: PeerPolicy, context: PlanContext): boolean {
  if (context.unreadable.has(publicKey)) return false;
  const isUnobserved = (name: string) => context.unknown.has(name) || !context.isWatched(name);
  if (assigned !== null && isUnobserved(assigned)) return false;
  return ![...context.lastReads].some(
    ([name, peers]) => peers.has(publicKey) && isUnobserved(name),
  );
}
