import type {
  Plan,
  PlanContext,
  PolicyEvent,
  PolicyUpdate,
  Steps,
} from '../../../domain/enforcement/plan.ts';
import {
  type AppliedState,
  type CutReason,
  cutReasonOf,
  type PeerPolicy,
} from '../../../domain/enforcement/policy.ts';
import { adoptObservedInterface, isCleared, leave, planPresent, restoringWrites } from './peer.ts';
import { planQuota } from './quota-warning.ts';
import { reloadsIn, wasRemovedByOthers } from './reloads.ts';

/** What has to be written and done so that WireGuard becomes what is declared. Pure. */
export function planOf(policies: readonly PeerPolicy[], context: PlanContext): Plan {
  const updates: PolicyUpdate[] = [];
  const steps: Steps = { clearings: [], removals: [], writes: [] };
  const reloads = reloadsIn(policies, context);
  const reloaded = new Set(reloads.map((reload) => reload.interface));
  for (const policy of policies) planUser(policy, context, reloaded, updates, steps);
  const leaving = new Set(
    [...steps.clearings, ...steps.removals].map(({ policy }) => policy.userId),
  );
  const erasures = policies.filter(
    (policy) => policy.isDeleted && !leaving.has(policy.userId) && isKnown(policy, context),
  );
  return { reloads, updates, ...steps, erasures };
}

function planUser(
  declared: PeerPolicy,
  context: PlanContext,
  reloaded: ReadonlySet<string>,
  updates: PolicyUpdate[],
  steps: Steps,
): void {
  const quota = planQuota(declared);
  const events: PolicyEvent[] = [...quota.events];
  const set: PolicyUpdate['set'] = { ...quota.set };
  const policy = adoptObservedInterface(declared, context, set);
  const observedOn = [...context.reads].filter(([, peers]) => peers.has(policy.publicKey));
  const reason = cutReasonOf(policy, context.nowMs);
  if (reason !== policy.cutReason) {
    set.cutReason = reason;
    if (reason === 'EXPIRED') events.push({ type: 'USER_EXPIRED', reason: null });
    if (reason === 'QUOTA_EXCEEDED') events.push({ type: 'QUOTA_EXCEEDED', reason: null });
  }

  let missing = policy.missing && observedOn.length === 0;
  const isReloaded = policy.interface !== null && reloaded.has(policy.interface);
  if (wasRemovedByOthers(policy, context) && !isReloaded && !missing) {
    missing = true;
    events.push({ type: 'PEER_MISSING', reason: null });
  }
  if (missing !== policy.missing) set.missing = missing;

  const observedNames = new Set(observedOn.map(([name]) => name));
  const removedFrom: string[] = [];
  const restoredTo: string[] = [];
  const toRestore = policy.removedPeers.filter(
    (cut) => !observedNames.has(cut.interface) || isCleared(policy, cut, context),
  );
  // A deletion that cannot be completed changes nothing anywhere.
  const canGo = reason !== 'DELETED' || isKnown(policy, context);
  const mustGo = reason !== null || (policy.kickRequested && observedOn.length > 0);
  let applied: AppliedState;
  if (mustGo) {
    if (canGo) {
      leave(policy, observedOn, steps);
      removedFrom.push(
        ...[...observedNames].filter(
          (name) => !policy.removedPeers.some((cut) => cut.interface === name),
        ),
      );
      if (observedOn.length > 0 && !policy.takenOff) set.takenOff = true;
    }
    // Whoever is cut off must shake hands anew in any case.
    if (reason !== null && policy.kickRequested) set.kickRequested = false;
    applied = observedOn.length > 0 ? 'PENDING' : stateWithout(policy, context, 'ABSENT');
  } else if (observedOn.length === 0) {
    if (policy.kickRequested && (policy.takenOff || isKnown(policy, context))) {
      set.kickRequested = false;
      events.push({ type: 'USER_KICKED', reason: null, ...askedBy(policy) });
    }
    const isOursToPut = policy.managed ? !missing : policy.takenOff || toRestore.length > 0;
    if (isOursToPut) steps.writes.push(...restoringWrites(policy, toRestore, context));
    const otherwise = missing ? 'MISSING' : isOursToPut ? 'PENDING' : 'ABSENT';
    applied = stateWithout(policy, context, otherwise);
  } else {
    restoredTo.push(
      ...policy.removedPeers.filter((cut) => !toRestore.includes(cut)).map((cut) => cut.interface),
    );
    const back = restoringWrites(policy, toRestore, context).filter(({ interface: on }) =>
      toRestore.some((cut) => cut.interface === on),
    );
    steps.writes.push(...back);
    const isOn = observedOn.some(([name]) => !toRestore.some((cut) => cut.interface === name));
    if (policy.takenOff && isOn) set.takenOff = false;
    applied = planPresent(policy, observedOn, context, set, steps);
    if (toRestore.some((cut) => isCleared(policy, cut, context))) applied = 'PENDING';
  }
  if (applied !== policy.applied) {
    set.applied = applied;
    if (reason !== null && applied === 'ABSENT') events.push({ type: 'LIMIT_APPLIED', reason });
  }
  const cutOff = automaticCut(policy, reason, observedOn);
  const hasMoved = removedFrom.length > 0 || restoredTo.length > 0;
  if (hasMoved || Object.keys(set).length > 0 || events.length > 0) {
    updates.push({
      userId: policy.userId,
      set,
      ...(cutOff !== null && { cutOff }),
      removedFrom,
      restoredTo,
      events,
    });
  }
}

/** Why a peer is cut off though nobody asks for it now: its time has come, or others put it back. */
function automaticCut(
  { applied, cutReason, takenOff }: PeerPolicy,
  reason: CutReason | null,
  observedOn: readonly unknown[],
): CutReason | null {
  if (reason === null || reason === 'DELETED') return null;
  if (reason !== cutReason) return reason === 'DISABLED' ? null : reason;
  const wasOff = applied === 'ABSENT' || (applied === 'UNKNOWN' && takenOff);
  return wasOff && observedOn.length > 0 ? reason : null;
}

/** Whose word it is that is carried out. */
function askedBy({ requestedBy }: PeerPolicy): Pick<PolicyEvent, 'actor'> {
  return requestedBy === null ? {} : { actor: requestedBy };
}

/** Whether the peer can be on no interface that does not answer now, or is not watched. */
function isKnown({ interface: assigned, publicKey }: PeerPolicy, context: PlanContext): boolean {
  if (context.unreadable.has(publicKey)) return false;
  const isUnobserved = (name: string) => context.unknown.has(name) || !context.isWatched(name);
  if (assigned !== null && isUnobserved(assigned)) return false;
  return ![...context.lastReads].some(
    ([name, peers]) => peers.has(publicKey) && isUnobserved(name),
  );
}

/** The state of a peer that no read shows: while its interface cannot be read, nobody knows. */
function stateWithout(
  policy: PeerPolicy,
  context: PlanContext,
  otherwise: AppliedState,
): AppliedState {
  return isKnown(policy, context) ? otherwise : 'UNKNOWN';
}
