import type { Instant } from '../../domain/time/clock.ts';
import type { EventChange, SessionChange } from '../../domain/tracking/changes.ts';
import type { TrackingConstants } from '../../domain/tracking/constants.ts';
import type { EndReason, RemovalReason } from '../../domain/tracking/end-reason.ts';
import type { OpenSession, UserState } from '../../domain/tracking/tracker-state.ts';
import type { Proof, UserDelta } from './tally.ts';

export const UNSEEN_USER: UserState = {
  provedMs: null,
  session: null,
  previousEndWallMs: null,
  endpoint: null,
};

/** The facts about a user's peers other than the proofs of life. */
export type Whereabouts =
  /** At least one peer was read, or all are known to be gone. */
  | 'known'
  /** The interface is gone. */
  | 'interface-down'
  /** The last peer was removed from its interface. */
  | 'removed'
  /** A peer could not be read, so the user may still be active there. */
  | 'unknown';

/** Where the changes of a poll are added. */
export interface PresenceChanges {
  readonly sessions: SessionChange[];
  readonly events: EventChange[];
}

/** One user at one poll. */
export interface PresenceContext {
  readonly publicKey: string;
  readonly before: UserState;
  /** undefined if no peer of the user has anything to report. */
  readonly userDelta: UserDelta | undefined;
  readonly whereabouts: Whereabouts;
  readonly now: Instant;
  readonly constants: TrackingConstants;
  /** Why wgql removed a peer; null means that others did. */
  readonly removalReason: RemovalReason | null;
}

/**
 * A user is online if the newest proof of life is at most one window and one poll old. A session is open
 * exactly while its user is online; it starts at the handshake that made the user online and ends at the last
 * proof, not at the poll that noticed. Returns the new state, which is `before` if nothing changed.
 */
export function settlePresence(context: PresenceContext, changes: PresenceChanges): UserState {
  const { before, userDelta, whereabouts, now, constants, removalReason } = context;
  if (whereabouts === 'removed') {
    const ended = endSession(before, removalReason ?? 'PEER_REMOVED', context, changes);
    return { ...ended, provedMs: null };
  }
  const proof = userDelta?.proof ?? null;
  const provedMs = newest(before.provedMs, proof);
  const endpoint = proof?.endpoint ?? userDelta?.endpoint ?? before.endpoint;
  const state = endIfOver(context, isOnline(provedMs, now, constants), changes);
  const { previousEndWallMs } = state;
  let { session } = state;
  if (session !== null) {
    session = continued(session, endpoint, context, changes);
  } else if (proof !== null && isOnline(provedMs, now, constants)) {
    session = newSession(proof, previousEndWallMs, now);
    const { startedWallMs: startedMs, provedWallMs: lastSeenMs } = session;
    const { publicKey } = context;
    changes.sessions.push({
      kind: 'started',
      publicKey,
      startedMs,
      lastSeenMs,
      ...movedWith(userDelta, endpoint),
    });
    changes.events.push(userEvent('SESSION_STARTED', publicKey, endpoint, null));
  }
  const isUnchanged =
    provedMs === before.provedMs &&
    endpoint === before.endpoint &&
    session === before.session &&
    previousEndWallMs === before.previousEndWallMs;
  return isUnchanged ? before : { provedMs, session, previousEndWallMs, endpoint };
}

/** Whether the newest proof of life is recent enough. */
export function isOnline(
  provedMs: number | null,
  now: Instant,
  constants: TrackingConstants,
): boolean {
  return (
    provedMs !== null && now.monotonicMs - provedMs <= constants.onlineMs + constants.pollIntervalMs
  );
}

type Moved = Pick<
  Extract<SessionChange, { readonly kind: 'started' }>,
  'endpoint' | 'rxBytes' | 'txBytes'
>;

function movedWith(userDelta: UserDelta | undefined, endpoint: string | null): Moved {
  const { sessionRxBytes: rxBytes = 0n, sessionTxBytes: txBytes = 0n } = userDelta ?? {};
  return { endpoint, rxBytes, txBytes };
}

/** The state after the end of an open session whose user is gone or was not watched. */
function endIfOver(
  context: PresenceContext,
  isUserOnline: boolean,
  changes: PresenceChanges,
): UserState {
  const { before, userDelta, whereabouts, now, constants } = context;
  if (before.session === null) return before;
  const lastReadMs = userDelta?.lastReadMs ?? now.monotonicMs;
  if (now.monotonicMs - lastReadMs > constants.onlineMs) {
    return endSession(before, 'MONITOR_GAP', context, changes);
  }
  if (isUserOnline || whereabouts === 'unknown') return before;
  const reason = whereabouts === 'interface-down' ? 'INTERFACE_DOWN' : 'TIMEOUT';
  return endSession(before, reason, context, changes);
}

function endSession(
  before: UserState,
  reason: EndReason,
  { publicKey, whereabouts, removalReason }: PresenceContext,
  { sessions, events }: PresenceChanges,
): UserState {
  const { session } = before;
  if (session === null) return before;
  const endedMs = Math.max(session.startedWallMs, session.provedWallMs);
  sessions.push({ kind: 'ended', publicKey, endedMs, reason });
  const isOwn = whereabouts === 'removed' && removalReason !== null;
  events.push({ ...userEvent('SESSION_ENDED', publicKey, null, reason), isOwn });
  return { ...before, session: null, previousEndWallMs: endedMs };
}

/** The open session after a poll. */
function continued(
  session: OpenSession,
  endpoint: string | null,
  { publicKey, before, userDelta, now }: PresenceContext,
  { sessions }: PresenceChanges,
): OpenSession {
  const {
    proof = null,
    sessionRxBytes: rxBytes = 0n,
    sessionTxBytes: txBytes = 0n,
  } = userDelta ?? {};
  const hasMoved = rxBytes > 0n || txBytes > 0n;
  if (proof === null && !hasMoved && endpoint === before.endpoint) return session;
  const provedWallMs = proof === null ? session.provedWallMs : wallOf(proof.provedMs, now);
  const lastSeenMs = Math.max(session.startedWallMs, provedWallMs);
  sessions.push({ kind: 'continued', publicKey, lastSeenMs, endpoint, rxBytes, txBytes });
  return { startedWallMs: session.startedWallMs, provedWallMs: lastSeenMs };
}

/**
 * Starts at the handshake; if that is older than the previous session's end (the same session keys became
 * active again), at the proof; and never before that end.
 */
function newSession(proof: Proof, previousEndWallMs: number | null, now: Instant): OpenSession {
  const handshakeWallMs = wallOf(proof.handshakeMs, now);
  const provedWallMs = wallOf(proof.provedMs, now);
  const floorMs = previousEndWallMs ?? Number.NEGATIVE_INFINITY;
  const startedWallMs =
    handshakeWallMs >= floorMs ? handshakeWallMs : Math.max(provedWallMs, floorMs);
  return { startedWallMs, provedWallMs: Math.max(startedWallMs, provedWallMs) };
}

export function wallOf(monotonicMs: number, now: Instant): number {
  return Math.round(now.wallMs - (now.monotonicMs - monotonicMs));
}

function newest(provedMs: number | null, proof: Proof | null): number | null {
  if (proof === null) return provedMs;
  return provedMs === null ? proof.provedMs : Math.max(provedMs, proof.provedMs);
}

function userEvent(
  type: EventChange['type'],
  publicKey: string,
  endpoint: string | null,
  reason: string | null,
): EventChange {
  return { type, publicKey, interface: null, endpoint, reason, isOwn: false };
}
