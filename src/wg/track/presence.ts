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

export interface PresenceOutcome {
  readonly user: UserState;
  readonly sessions: readonly SessionChange[];
  readonly events: readonly EventChange[];
}

/**
 * A user is online if the newest proof of life is at most one window and one poll old. A session is open
 * exactly while its user is online; it starts at the handshake that made the user online and ends at the last
 * proof, not at the poll that noticed. `removalReason` says why wgql removed a peer; null means that others
 * did.
 */
export function settlePresence(
  publicKey: string,
  before: UserState,
  userDelta: UserDelta | undefined,
  whereabouts: Whereabouts,
  now: Instant,
  constants: TrackingConstants,
  removalReason: RemovalReason | null = null,
): PresenceOutcome {
  const draft = sessionDraft(publicKey, before, now);
  if (whereabouts === 'removed') {
    draft.end(removalReason ?? 'PEER_REMOVED', removalReason !== null);
    return draft.outcome({ provedMs: null, endpoint: before.endpoint });
  }
  const proof = userDelta?.proof ?? null;
  const provedMs = newest(before.provedMs, proof);
  const lastReadMs = userDelta?.lastReadMs ?? now.monotonicMs;
  if (now.monotonicMs - lastReadMs > constants.onlineMs) draft.end('MONITOR_GAP');
  const isOnline = provedMs !== null && isRecent(provedMs, now, constants);
  if (!isOnline && whereabouts !== 'unknown') {
    draft.end(whereabouts === 'interface-down' ? 'INTERFACE_DOWN' : 'TIMEOUT');
  }
  const endpoint = proof?.endpoint ?? userDelta?.endpoint ?? before.endpoint;
  const moved = movedWith(userDelta, endpoint);
  if (draft.isOpen()) draft.continue(proof, moved);
  else if (isOnline && proof !== null) draft.start(proof, moved);
  return draft.outcome({ provedMs, endpoint });
}

function isRecent(provedMs: number, now: Instant, constants: TrackingConstants): boolean {
  return now.monotonicMs - provedMs <= constants.onlineMs + constants.pollIntervalMs;
}

type Moved = Pick<
  Extract<SessionChange, { readonly kind: 'started' }>,
  'endpoint' | 'rxBytes' | 'txBytes'
>;

function movedWith(userDelta: UserDelta | undefined, endpoint: string | null): Moved {
  const { sessionRxBytes: rxBytes = 0n, sessionTxBytes: txBytes = 0n } = userDelta ?? {};
  return { endpoint, rxBytes, txBytes };
}

/** The session of one user, as changed by a poll. */
function sessionDraft(publicKey: string, before: UserState, now: Instant) {
  const sessions: SessionChange[] = [];
  const events: EventChange[] = [];
  let { session, previousEndWallMs } = before;
  return {
    isOpen: () => session !== null,
    end: (reason: EndReason, isOwn = false): void => {
      if (session === null) return;
      const endedMs = Math.max(session.startedWallMs, session.provedWallMs);
      sessions.push({ kind: 'ended', publicKey, endedMs, reason });
      events.push({ ...userEvent('SESSION_ENDED', publicKey, null, reason), isOwn });
      previousEndWallMs = endedMs;
      session = null;
    },
    start: (proof: Proof, moved: Moved): void => {
      session = newSession(proof, previousEndWallMs, now);
      const { startedWallMs: startedMs, provedWallMs: lastSeenMs } = session;
      sessions.push({ kind: 'started', publicKey, startedMs, lastSeenMs, ...moved });
      events.push(userEvent('SESSION_STARTED', publicKey, moved.endpoint, null));
    },
    continue: (proof: Proof | null, moved: Moved): void => {
      const hasMoved = moved.rxBytes > 0n || moved.txBytes > 0n;
      const isProgress = proof !== null || hasMoved || moved.endpoint !== before.endpoint;
      if (session === null || !isProgress) return;
      const provedWallMs = proof === null ? session.provedWallMs : wallOf(proof.provedMs, now);
      session = { ...session, provedWallMs: Math.max(session.startedWallMs, provedWallMs) };
      sessions.push({ kind: 'continued', publicKey, lastSeenMs: session.provedWallMs, ...moved });
    },
    outcome: (user: Pick<UserState, 'provedMs' | 'endpoint'>): PresenceOutcome => ({
      user: { ...user, session, previousEndWallMs },
      sessions,
      events,
    }),
  };
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
