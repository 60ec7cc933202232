import { addBytes } from '../../domain/bytes.ts';
import type { Instant } from '../../domain/time/clock.ts';
import type { CounterChange, EventChange } from '../../domain/tracking/changes.ts';
import { REJECT_AFTER_MS, type TrackingConstants } from '../../domain/tracking/constants.ts';
import {
  type InterfaceState,
  NO_HANDSHAKE,
  type PeerState,
} from '../../domain/tracking/tracker-state.ts';
import {
  type Generation,
  type GoodRead,
  isSameGeneration,
  type PeerSnapshot,
} from '../../domain/wireguard/snapshot.ts';
import type { OwnActions } from '../own-actions.ts';
import { type Continuity, deltaOf } from './delta.ts';
import { interfaceEvent, readingEvents, removalEvent } from './events.ts';
import { readHandshake } from './handshake.ts';
import { departed, hasNeverLeft, newTally, type UserDelta } from './tally.ts';

/** Where the reading of one interface leaves what it found. */
export interface Findings {
  readonly tallies: Map<string, UserDelta>;
  readonly counters: CounterChange[];
  readonly events: EventChange[];
  /** Users whose peer was taken off an interface that goes on otherwise. */
  readonly removed: Set<string>;
  readonly ownActions: OwnActions;
}

/** Takes a good read of one interface into the findings, and answers the interface's new state. */
export function trackInterface(
  name: string,
  generation: Generation,
  read: GoodRead,
  before: InterfaceState | undefined,
  now: Instant,
  constants: TrackingConstants,
  findings: Findings,
): InterfaceState {
  const continuity = continuityOf(before, generation);
  const gapMs = before === undefined ? null : Math.max(0, now.monotonicMs - before.lastReadMs);
  interfaceEvents(name, continuity, gapMs, before, constants, findings.events);

  const peers = new Map(before?.peers);
  const skipped = new Set(read.unknownPeers.map((peer) => peer.publicKey));
  for (const reading of read.peers) {
    const known = before?.peers.get(reading.publicKey);
    const hasLeft = known?.present === false && !hasNeverLeft(known, reading);
    const mark = known && hasLeft ? departed(known, NO_HANDSHAKE) : known;
    peers.set(
      reading.publicKey,
      readPeer({ name, reading, mark, continuity, now, constants, findings, before }),
    );
    skipped.add(reading.publicKey);
  }
  for (const [publicKey, peer] of before?.peers ?? []) {
    if (!peer.present || skipped.has(publicKey)) continue;
    const gone = { ...peer, present: false };
    peers.set(publicKey, gone);
    findings.counters.push(counterOf(name, publicKey, gone));
    if (continuity === 're-created' && !findings.ownActions.removals.has(publicKey)) continue;
    findings.removed.add(publicKey);
    findings.events.push(removalEvent(publicKey, name, findings.ownActions));
  }
  return {
    // A part that could not be learnt this time keeps its last known value.
    generation: continuity === 'continued' ? { ...before?.generation, ...generation } : generation,
    up: true,
    lastReadMs: now.monotonicMs,
    peers,
  };
}

/**
 * An interface that was seen to be gone was re-created, unless its generation says otherwise: a
 * listing can err, and a false reset would book every counter twice.
 */
function continuityOf(before: InterfaceState | undefined, generation: Generation): Continuity {
  if (before === undefined) return 'first-sight';
  if (!isSameGeneration(before.generation, generation)) return 're-created';
  const isIdentified = 'ifindex' in generation || 'socket' in generation;
  return before.up || isIdentified ? 'continued' : 're-created';
}

function interfaceEvents(
  name: string,
  continuity: Continuity,
  gapMs: number | null,
  before: InterfaceState | undefined,
  constants: TrackingConstants,
  events: EventChange[],
): void {
  if (continuity !== 'continued' || before?.up === false) {
    const reason = continuity === 're-created' ? 'RECREATED' : null;
    events.push(interfaceEvent('INTERFACE_UP', name, reason));
  }
  if (gapMs !== null && gapMs > constants.onlineMs) {
    events.push(interfaceEvent('MONITOR_GAP', name, null));
  }
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

function readPeer(context: PeerContext): PeerState {
  const { name, reading, mark, continuity, now, constants, findings, before } = context;
  // A peer that was away, or whose interface was, cannot have counted before the interface's last read.
  const wasThere = continuity === 'continued' && mark?.present === true;
  const lastReadMs = (wasThere ? mark.lastReadMs : before?.lastReadMs) ?? null;
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
  // A peer that the program has silenced to remove it keeps what it had: it may be put back.
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
    lastReadMs: now.monotonicMs,
  };

  let userDelta = findings.tallies.get(publicKey);
  if (userDelta === undefined) {
    userDelta = newTally(publicKey, name);
    findings.tallies.set(publicKey, userDelta);
  }
  const isLongGap = gapMs !== null && gapMs > constants.onlineMs;
  const bytes = delta.rxBytes > 0n || delta.txBytes > 0n;
  if (bytes) {
    userDelta.rxBytes = addBytes(userDelta.rxBytes, delta.rxBytes);
    userDelta.txBytes = addBytes(userDelta.txBytes, delta.txBytes);
    if (delta.isOpening) {
      userDelta.openingRxBytes = addBytes(userDelta.openingRxBytes, delta.rxBytes);
      userDelta.openingTxBytes = addBytes(userDelta.openingTxBytes, delta.txBytes);
    } else {
      const { rxBytes, txBytes } = delta;
      userDelta.traffic.push({ publicKey, rxBytes, txBytes, gapMs: gapMs ?? 0 });
      if (!isLongGap) {
        userDelta.sessionRxBytes = addBytes(userDelta.sessionRxBytes, rxBytes);
        userDelta.sessionTxBytes = addBytes(userDelta.sessionTxBytes, txBytes);
      }
    }
  }
  if (lastReadMs !== null)
    userDelta.lastReadMs = Math.max(userDelta.lastReadMs ?? lastReadMs, lastReadMs);
  takeProof(userDelta, peer, mark, delta.isOpening ? 0n : delta.rxBytes, isLongGap, now);
  if (reading.endpoint !== null && reading.endpoint !== mark?.endpoint) {
    userDelta.endpoint = reading.endpoint;
  }
  // One that comes back may be somebody new, of whom nothing is kept.
  const isBack = mark?.present !== true;
  if (isBack || mark.allowedIps !== allowedIps) userDelta.allowedIps = allowedIps;
  if (isBack || mark.persistentKeepaliveSeconds !== peer.persistentKeepaliveSeconds) {
    userDelta.persistentKeepaliveSeconds = peer.persistentKeepaliveSeconds;
  }

  const changed =
    bytes ||
    mark === undefined ||
    !mark.present ||
    delta.isReset ||
    mark.handshake !== handshake ||
    mark.endpoint !== peer.endpoint ||
    mark.allowedIps !== allowedIps ||
    mark.persistentKeepaliveSeconds !== peer.persistentKeepaliveSeconds;
  if (changed) findings.counters.push(counterOf(name, publicKey, peer));
  findings.events.push(...readingEvents(publicKey, name, peer, mark, delta, findings.ownActions));
  return peer;
}

/**
 * A completed handshake proves life when it completed; received bytes prove it now, if the session
 * key they came under can still be valid and it is known when they came.
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

function counterOf(name: string, publicKey: string, peer: PeerState): CounterChange {
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
  };
}
