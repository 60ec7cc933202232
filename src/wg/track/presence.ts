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

/** What is known of a user's peers beside the proofs of life. */
export type Whereabouts =
  /** At least one peer was read, or all are known to be gone. */
  | 'known'
  /** The interface is gone. */
  | 'interface-down'
  /** The last peer was taken off its interface. */
  | 'removed'
  /** A peer could not be read: the user may well be active there. */
  | 'unknown';

export interface PresenceOutcome {
  readonly user: UserState;
  readonly sessions: readonly SessionChange[];
  readonly events: readonly EventChange[];
}

/**
 * Online is: the newest proof of life is at most one window and one poll old. A session is open
 * exactly while its user is online; it starts at the handshake that made the user so and ends at the
 * last proof, not at the poll that noticed. `removalReason` says why the
 * program took a peer off; null is that others did.
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
  const sessions: SessionChange[] = [];
  const events: EventChange[] = [];
  let { session, previousEndWallMs } = before;
  const proof = userDelta?.proof ?? null;
  const provedMs = newest(before.provedMs, proof);

  const end = (reason: EndReason, isOwn = false) => {
    if (session === null) return;
    const endedMs = Math.max(session.startedWallMs, session.provedWallMs);
    sessions.push({ kind: 'ended', publicKey, endedMs, reason });
    events.push({ ...userEvent('SESSION_ENDED', publicKey, null, reason), isOwn });
    previousEndWallMs = endedMs;
    session = null;
  };

  if (whereabouts === 'removed') {
    end(removalReason ?? 'PEER_REMOVED', removalReason !== null);
    return {
      user: { ...before, provedMs: null, session, previousEndWallMs },
      sessions,
      events,
    };
  }
  const unreadMs = userDelta?.lastReadMs == null ? 0 : now.monotonicMs - userDelta.lastReadMs;
  if (unreadMs > constants.onlineMs) end('MONITOR_GAP');

  const isOnline =
    provedMs !== null &&
    now.monotonicMs - provedMs <= constants.onlineMs + constants.pollIntervalMs;
  if (!isOnline && whereabouts !== 'unknown') {
    end(whereabouts === 'interface-down' ? 'INTERFACE_DOWN' : 'TIMEOUT');
  }

  const endpoint = proof?.endpoint ?? userDelta?.endpoint ?? before.endpoint;

  const rxBytes = userDelta?.sessionRxBytes ?? 0n;
  const txBytes = userDelta?.sessionTxBytes ?? 0n;
  if (session === null && isOnline && proof !== null) {
    session = newSession(proof, previousEndWallMs, now);
    sessions.push({
      kind: 'started',
      publicKey,
      startedMs: session.startedWallMs,
      lastSeenMs: session.provedWallMs,
      endpoint,
      rxBytes,
      txBytes,
    });
    events.push(userEvent('SESSION_STARTED', publicKey, endpoint, null));
  } else if (session !== null) {
    const provedWallMs = proof === null ? session.provedWallMs : wallOf(proof.provedMs, now);
    const isProgress =
      proof !== null || rxBytes > 0n || txBytes > 0n || endpoint !== before.endpoint;
    if (isProgress) {
      session = { ...session, provedWallMs: Math.max(session.startedWallMs, provedWallMs) };
      sessions.push({
        kind: 'continued',
        publicKey,
        lastSeenMs: session.provedWallMs,
        endpoint,
        rxBytes,
        txBytes,
      });
    }
  }
  return { user: { provedMs, session, previousEndWallMs, endpoint }, sessions, events };
}

/**
 * Starts at the handshake; where that is older than the previous session's end (the same keys came
 * back to life), at the proof; and never before that end.
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
