import { addBytes } from '../../domain/bytes.ts';
import type { Instant } from '../../domain/time/clock.ts';
import type { CounterChange, EventChange, TrafficBooking } from '../../domain/tracking/changes.ts';
import {
  BUCKET_MS,
  REJECT_AFTER_MS,
  type TrackingConstants,
} from '../../domain/tracking/constants.ts';
import {
  type InterfaceState,
  NO_HANDSHAKE,
  type PeerState,
} from '../../domain/tracking/tracker-state.ts';
import type { PeerSnapshot } from '../../domain/wireguard/snapshot.ts';
import type { OwnActions } from '../own-actions.ts';
import { type Continuity, type Delta, deltaOf } from './delta.ts';
import { readingEvents } from './events.ts';
import { readHandshake } from './handshake.ts';
import { newTally, type UserDelta } from './tally.ts';

/** The results of reading one interface. */
export interface Findings {
  readonly tallies: Map<string, UserDelta>;
  readonly counters: CounterChange[];
  readonly traffic: TrafficBooking[];
  readonly events: EventChange[];
  /** Users whose peer was removed from an interface that still exists. */
  readonly removed: Set<string>;
  readonly ownActions: OwnActions;
}

interface PeerContext {
  readonly name: string;
  readonly reading: PeerSnapshot;
  readonly mark: PeerState | undefined;
  readonly continuity: Continuity;
  readonly now: Instant;
  readonly constants: TrackingConstants;
  readonly findings: Findings;
  readonly before: InterfaceState | undefined;
}

/** Adds a good read of one peer to the results, and returns the peer's new state. */
export function trackPeer(context: PeerContext): PeerState {
  const { name, reading, mark, continuity, now, constants, findings, before } = context;
  // A peer that was absent, or whose interface was, cannot have counted before the interface's last read.
  const wasThere = continuity === 'continued' && mark?.present === true;
  const lastReadMs = (wasThere ? mark.missedSinceMs : null) ?? before?.lastReadMs ?? null;
  const gapMs = lastReadMs === null ? null : Math.max(0, now.monotonicMs - lastReadMs);
  const { publicKey } = reading;
  const delta = deltaOf(mark, reading, continuity);
  const handshake = readHandshake(
    mark?.handshake ?? NO_HANDSHAKE,
    reading.latestHandshake,
    now,
    gapMs,
    constants.onlineMs,
  );
  // A peer whose allowed IPs wgql has cleared in order to remove it keeps the former ones: it may be
  // restored.
  const isCleared = reading.allowedIps.length === 0 && findings.ownActions.removals.has(publicKey);
  const allowedIps = (isCleared && mark?.allowedIps) || reading.allowedIps.join(',');
  const peer: PeerState = {
    rxBytes: reading.rxBytes,
    txBytes: reading.txBytes,
    handshake,
    present: true,
    endpoint: reading.endpoint ?? mark?.endpoint ?? null,
    allowedIps,
    persistentKeepaliveSeconds: reading.persistentKeepaliveSeconds,
    presharedKeyDigest: reading.presharedKeyDigest,
    missedSinceMs: null,
    reading,
  };

  const userDelta = deltaOfUser(findings, publicKey, name);
  const isLongGap = gapMs !== null && gapMs > constants.onlineMs;
  takeBytes(userDelta, findings.traffic, delta, gapMs, isLongGap);
  if (lastReadMs !== null) {
    userDelta.lastReadMs = Math.max(userDelta.lastReadMs ?? lastReadMs, lastReadMs);
  }
  takeProof(userDelta, peer, mark, delta.isOpening ? 0n : delta.rxBytes, isLongGap, now);
  takeConfiguration(userDelta, peer, mark, { endpoint: reading.endpoint, allowedIps });
  const isNumbersOnly = hasSameConfiguration(peer, mark);
  if (!isNumbersOnly || hasNewNumbers(peer, mark, delta)) {
    findings.counters.push(counterOf(name, publicKey, peer, isNumbersOnly));
  }
  readingEvents(publicKey, name, peer, mark, delta, findings);
  return peer;
}

function deltaOfUser({ tallies }: Findings, publicKey: string, name: string): UserDelta {
  const known = tallies.get(publicKey);
  if (known !== undefined) return known;
  const userDelta = newTally(publicKey, name);
  tallies.set(publicKey, userDelta);
  return userDelta;
}

function takeBytes(
  userDelta: UserDelta,
  traffic: TrafficBooking[],
  { rxBytes, txBytes, isOpening }: Delta,
  gapMs: number | null,
  isLongGap: boolean,
): void {
  if (rxBytes === 0n && txBytes === 0n) return;
  userDelta.rxBytes = addBytes(userDelta.rxBytes, rxBytes);
  userDelta.txBytes = addBytes(userDelta.txBytes, txBytes);
  if (isOpening) {
    userDelta.openingRxBytes = addBytes(userDelta.openingRxBytes, rxBytes);
    userDelta.openingTxBytes = addBytes(userDelta.openingTxBytes, txBytes);
    return;
  }
  const { publicKey } = userDelta;
  traffic.push({ publicKey, rxBytes, txBytes, gapMs: gapMs ?? 0 });
  if ((gapMs ?? 0) <= BUCKET_MS) {
    userDelta.currentRxBytes = addBytes(userDelta.currentRxBytes, rxBytes);
    userDelta.currentTxBytes = addBytes(userDelta.currentTxBytes, txBytes);
  }
  if (isLongGap) return;
  userDelta.sessionRxBytes = addBytes(userDelta.sessionRxBytes, rxBytes);
  userDelta.sessionTxBytes = addBytes(userDelta.sessionTxBytes, txBytes);
}

function takeConfiguration(
  userDelta: UserDelta,
  peer: PeerState,
  mark: PeerState | undefined,
  { endpoint, allowedIps }: { readonly endpoint: string | null; readonly allowedIps: string },
): void {
  if (endpoint !== null && endpoint !== mark?.endpoint) userDelta.endpoint = endpoint;
  // A peer that comes back may belong to another person, for whom nothing is kept.
  const isBack = mark?.present !== true;
  if (isBack || mark.allowedIps !== allowedIps) userDelta.allowedIps = allowedIps;
  if (isBack || mark.persistentKeepaliveSeconds !== peer.persistentKeepaliveSeconds) {
    userDelta.persistentKeepaliveSeconds = peer.persistentKeepaliveSeconds;
  }
}

function hasNewNumbers(peer: PeerState, mark: PeerState | undefined, delta: Delta): boolean {
  const hasMoved = delta.rxBytes > 0n || delta.txBytes > 0n || delta.isReset;
  return hasMoved || mark?.handshake !== peer.handshake;
}

function hasSameConfiguration(peer: PeerState, mark: PeerState | undefined): boolean {
  return (
    mark?.present === true &&
    mark.endpoint === peer.endpoint &&
    mark.allowedIps === peer.allowedIps &&
    mark.persistentKeepaliveSeconds === peer.persistentKeepaliveSeconds
  );
}

/**
 * A completed handshake proves life at its completion; received bytes prove it now, if their session key can
 * still be valid and it is known when they came.
 */
function takeProof(
  userDelta: UserDelta,
  peer: PeerState,
  mark: PeerState | undefined,
  receivedBytes: bigint,
  isLongGap: boolean,
  now: Instant,
): void {
  const handshakeMs = peer.handshake.completedMs;
  if (handshakeMs === null) return;
  const isNewHandshake = peer.handshake.epochSeconds !== (mark?.handshake.epochSeconds ?? 0);
  const isAlive =
    receivedBytes > 0n && !isLongGap && now.monotonicMs - handshakeMs <= REJECT_AFTER_MS;
  if (!isNewHandshake && !isAlive) return;
  const provedMs = isAlive ? now.monotonicMs : handshakeMs;
  if (userDelta.proof !== null && userDelta.proof.provedMs >= provedMs) return;
  userDelta.proof = { provedMs, handshakeMs, endpoint: peer.endpoint };
}

export function counterOf(
  name: string,
  publicKey: string,
  peer: PeerState,
  isNumbersOnly = false,
): CounterChange {
  return {
    interface: name,
    publicKey,
    rxBytes: peer.rxBytes,
    txBytes: peer.txBytes,
    handshakeEpochSeconds: peer.handshake.epochSeconds,
    endpoint: peer.endpoint,
    allowedIps: peer.allowedIps,
    persistentKeepaliveSeconds: peer.persistentKeepaliveSeconds ?? null,
    present: peer.present,
    isNumbersOnly,
  };
}
