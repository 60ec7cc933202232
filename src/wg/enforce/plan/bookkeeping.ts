import type { PolicyEvent, PolicyUpdate } from '../../../domain/enforcement/plan.ts';
import type { AppliedState, CutReason, PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { Facts, Situation } from './placement.ts';
import type { QuotaPlan } from './quota-warning.ts';

/** What must be recorded for a user before WireGuard is changed; null if nothing changed. */
export function updateOf(
  declared: PeerPolicy,
  facts: Facts,
  situation: Situation,
  applied: AppliedState,
  quota: QuotaPlan,
): PolicyUpdate | null {
  const isKicked = wasKicked(facts, situation);
  const endsKick = isKicked || facts.reason !== null;
  const set = changes(declared, {
    cutReason: facts.reason,
    missing: facts.missing,
    removedByUs: removedByUs(facts, situation),
    kickRequested: declared.kickRequested && !endsKick,
    applied,
    ...(facts.policy.interface !== null && { interface: facts.policy.interface }),
    ...quota.set,
  });
  const events: PolicyEvent[] = [
    ...quota.events,
    ...(facts.reason === declared.cutReason ? [] : cutEvents(facts.reason)),
    ...(facts.missing && !declared.missing ? [event('PEER_MISSING')] : []),
    ...(isKicked ? [{ ...event('USER_KICKED'), ...requestedBy(declared) }] : []),
    ...(set.applied === 'ABSENT' && facts.reason !== null
      ? [event('LIMIT_APPLIED', facts.reason)]
      : []),
  ];
  const removedFrom = situation === 'REMOVE' ? newlyRemoved(facts) : [];
  const restoredTo = KEPT_ON.has(situation) ? restored(facts) : [];
  const count = Object.keys(set).length + events.length + removedFrom.length + restoredTo.length;
  if (count === 0) return null;
  const cutOff = automaticCut(declared, facts);
  const { userId } = declared;
  return { userId, set, ...(cutOff !== null && { cutOff }), removedFrom, restoredTo, events };
}

/** Situations in which the peer is on and may stay. */
const KEPT_ON: ReadonlySet<Situation> = new Set(['MOVE', 'MOVE_LATER', 'CONFIGURE', 'ON']);

/** Situations in which the peer is off and may be on. */
const FREE_TO_RETURN: ReadonlySet<Situation> = new Set(['MISSING', 'RESTORE', 'NOT_OURS']);

/** Whether wgql has removed the peer, or is about to. */
function removedByUs({ policy, observed, toRestore }: Facts, situation: Situation): boolean {
  if (situation === 'REMOVE' || situation === 'MOVE') return true;
  if (!KEPT_ON.has(situation)) return policy.removedByUs;
  const isBack = observed.some(
    ({ interface: name }) => !toRestore.some((removed) => removed.interface === name),
  );
  return policy.removedByUs && !isBack;
}

/**
 * A kick is complete once the peer is off; a client that is cut off must complete a new handshake in any
 * case.
 */
function wasKicked({ policy, isKnown }: Facts, situation: Situation): boolean {
  const isOff = policy.removedByUs || isKnown;
  return policy.kickRequested && FREE_TO_RETURN.has(situation) && isOff;
}

function newlyRemoved({ policy, observed }: Facts): string[] {
  return observed
    .map(({ interface: name }) => name)
    .filter((name) => !policy.removedPeers.some((removed) => removed.interface === name));
}

function restored({ policy, toRestore }: Facts): string[] {
  return policy.removedPeers
    .filter((removed) => !toRestore.includes(removed))
    .map((removed) => removed.interface);
}

/** Why a peer is cut off without a request: a limit was reached, or others restored the peer. */
function automaticCut(
  { applied, cutReason, removedByUs: isRemoved }: PeerPolicy,
  { reason, observed }: Facts,
): CutReason | null {
  if (reason === null || reason === 'DELETED') return null;
  if (reason !== cutReason) return reason === 'DISABLED' ? null : reason;
  const wasOff = applied === 'ABSENT' || (applied === 'UNKNOWN' && isRemoved);
  return wasOff && observed.length > 0 ? reason : null;
}

function cutEvents(reason: CutReason | null): PolicyEvent[] {
  if (reason === 'EXPIRED') return [event('USER_EXPIRED')];
  return reason === 'QUOTA_EXCEEDED' ? [event('QUOTA_EXCEEDED')] : [];
}

function event(type: PolicyEvent['type'], reason: string | null = null): PolicyEvent {
  return { type, reason };
}

function requestedBy({ requestedBy: actor }: PeerPolicy): Pick<PolicyEvent, 'actor'> {
  return actor === null ? {} : { actor };
}

/** The columns whose value changes. */
function changes(before: PeerPolicy, after: PolicyUpdate['set']): PolicyUpdate['set'] {
  const known: Readonly<Record<string, unknown>> = { ...before };
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => known[name] !== value));
}
