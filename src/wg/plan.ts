import { type AppliedState, type CutReason, cutReasonOf, type PeerPolicy } from './policy.ts';
import type { GoodRead, PeerReading } from './reading.ts';

/** What the database is to hold from now on; absent fields stay. */
export interface PolicyUpdate {
  readonly userId: number;
  readonly set: {
    cutReason?: CutReason | null;
    takenOff?: boolean;
    kickRequested?: boolean;
    missing?: boolean;
    interface?: string;
    quotaWarned?: boolean;
    applied?: AppliedState;
  };
  /** The quota starts anew with the bytes booked now. */
  readonly restartsQuota: boolean;
  readonly events: readonly PolicyEvent[];
}

export type PolicyEventType =
  | 'USER_EXPIRED'
  | 'USER_KICKED'
  | 'QUOTA_WARNING'
  | 'QUOTA_EXCEEDED'
  | 'QUOTA_RESET'
  | 'PEER_MISSING'
  | 'LIMIT_APPLIED';

export interface PolicyEvent {
  readonly type: PolicyEventType;
  readonly reason: string | null;
}

/** One step on one interface. */
export interface PeerStep {
  readonly interface: string;
  readonly policy: PeerPolicy;
  /** The peer is there now, so that its endpoint is newer than any that was kept. */
  readonly isPresent: boolean;
}

export interface Plan {
  readonly updates: readonly PolicyUpdate[];
  readonly removals: readonly PeerStep[];
  /** Peers to add, or to bring to their declared configuration. */
  readonly puts: readonly PeerStep[];
  /** Deleted users whose peer is gone, so that they can be erased. */
  readonly erasures: readonly PeerPolicy[];
}

export interface PlanContext {
  readonly nowMs: number;
  /** Interfaces that were read; the peers by public key. */
  readonly reads: ReadonlyMap<string, ReadonlyMap<string, PeerReading>>;
  /** Interfaces that exist and could not be read. */
  readonly unknown: ReadonlySet<string>;
  /** What interfaces held when they answered last. */
  readonly lastReads: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Peers that somebody else took off since the last look. */
  readonly removedByOthers: ReadonlySet<string>;
  /** When the quota period that holds this instant began; null for no period. */
  readonly periodStartMs: (period: string) => number | null;
}

/** A quota's warning comes at this share of it, in percent. */
const WARNING_PERCENT = 80n;

/** What has to be written and done so that WireGuard becomes what is declared. Pure. */
export function planOf(policies: readonly PeerPolicy[], context: PlanContext): Plan {
  const updates: PolicyUpdate[] = [];
  const removals: PeerStep[] = [];
  const puts: PeerStep[] = [];
  for (const policy of policies) planUser(policy, context, updates, removals, puts);
  const erasures = policies.filter(
    (policy) =>
      policy.isDeleted &&
      !removals.some((step) => step.policy === policy) &&
      isKnown(policy, context),
  );
  return { updates, removals, puts, erasures };
}

/** The peers of a read, for looking them up. */
export function peersByKey(read: GoodRead): ReadonlyMap<string, PeerReading> {
  return new Map(read.peers.map((peer) => [peer.publicKey, peer]));
}

function planUser(
  declared: PeerPolicy,
  context: PlanContext,
  updates: PolicyUpdate[],
  removals: PeerStep[],
  puts: PeerStep[],
): void {
  const events: PolicyEvent[] = [];
  const set: PolicyUpdate['set'] = {};
  const restartsQuota = isPeriodOver(declared, context);
  const withQuota = restartsQuota ? { ...declared, quotaUsedBytes: 0n } : declared;
  if (restartsQuota) events.push({ type: 'QUOTA_RESET', reason: declared.quotaPeriod });

  const policy = withHome(withQuota, context, set);
  const located = [...context.reads].filter(([, peers]) => peers.has(policy.publicKey));
  const reason = cutReasonOf(policy, context.nowMs);
  if (reason !== policy.cutReason) {
    set.cutReason = reason;
    if (reason === 'EXPIRED') events.push({ type: 'USER_EXPIRED', reason: null });
    if (reason === 'QUOTA_EXCEEDED') events.push({ type: 'QUOTA_EXCEEDED', reason: null });
  }
  warn(policy, reason, set, events);

  const wasRemoved = context.removedByOthers.has(policy.publicKey) && located.length === 0;
  let missing = policy.missing && located.length === 0;
  if (wasRemoved && policy.managed && reason === null && !policy.takenOff && !missing) {
    missing = true;
    events.push({ type: 'PEER_MISSING', reason: null });
  }
  if (missing !== policy.missing) set.missing = missing;

  const mustGo = reason !== null || (policy.kickRequested && located.length > 0);
  let applied: AppliedState;
  if (mustGo) {
    for (const [name] of located) removals.push({ interface: name, policy, isPresent: true });
    if (located.length > 0 && !policy.takenOff) set.takenOff = true;
    applied = located.length > 0 ? 'PENDING' : stateWithout(policy, context, 'ABSENT');
  } else if (located.length === 0) {
    if (policy.kickRequested && isKnown(policy, context)) {
      set.kickRequested = false;
      events.push({ type: 'USER_KICKED', reason: null });
    }
    const isOursToPut = policy.managed ? !missing : policy.takenOff;
    const isHomeRead = policy.interface !== null && context.reads.has(policy.interface);
    if (isOursToPut && isHomeRead) {
      puts.push({ interface: policy.interface as string, policy, isPresent: false });
    }
    const otherwise = missing ? 'MISSING' : isOursToPut ? 'PENDING' : 'ABSENT';
    applied = stateWithout(policy, context, otherwise);
  } else {
    if (policy.takenOff) set.takenOff = false;
    applied = planPresent(policy, located, context.reads, set, removals, puts);
  }
  if (applied !== policy.applied) {
    set.applied = applied;
    if (reason !== null && applied === 'ABSENT') events.push({ type: 'LIMIT_APPLIED', reason });
  }
  if (Object.keys(set).length > 0 || events.length > 0) {
    updates.push({ userId: policy.userId, set, restartsQuota, events });
  }
}

/** A user declared before any interface was there belongs to the only one there is. */
function withHome(
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
function planPresent(
  policy: PeerPolicy,
  located: readonly (readonly [string, ReadonlyMap<string, PeerReading>])[],
  reads: PlanContext['reads'],
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
  if (!policy.configPending && isAsDeclared(policy, reading)) return 'PRESENT';
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

/** Whether the peer can be on no interface that does not answer now. */
function isKnown({ interface: home, publicKey }: PeerPolicy, context: PlanContext): boolean {
  return ![...context.unknown].some(
    (name) => name === home || context.lastReads.get(name)?.has(publicKey),
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

function isPeriodOver(policy: PeerPolicy, { periodStartMs }: PlanContext): boolean {
  const startMs = periodStartMs(policy.quotaPeriod);
  return startMs !== null && policy.quotaMarkAtMs < startMs;
}

function warn(
  policy: PeerPolicy,
  reason: CutReason | null,
  set: PolicyUpdate['set'],
  events: PolicyEvent[],
): void {
  const { quotaLimitBytes: limit, quotaUsedBytes: used, quotaWarned } = policy;
  const isNear = limit !== null && used * 100n >= limit * WARNING_PERCENT;
  if (isNear === quotaWarned) return;
  set.quotaWarned = isNear;
  if (isNear && reason !== 'QUOTA_EXCEEDED') {
    events.push({ type: 'QUOTA_WARNING', reason: `${WARNING_PERCENT}%` });
  }
}
