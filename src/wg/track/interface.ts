import type { Instant } from '../../domain/time/clock.ts';
import type { EventChange } from '../../domain/tracking/changes.ts';
import type { TrackingConstants } from '../../domain/tracking/constants.ts';
import {
  type InterfaceState,
  NO_HANDSHAKE,
  type PeerState,
} from '../../domain/tracking/tracker-state.ts';
import {
  EPOCH_FLOOR_S,
  type Generation,
  type GoodRead,
  isSameGeneration,
  type PeerSnapshot,
} from '../../domain/wireguard/snapshot.ts';
import { type ChangedCopy, changedCopy } from './changed-copy.ts';
import type { Continuity } from './delta.ts';
import { interfaceEvent, removalEvent } from './events.ts';
import { counterOf, type Findings, trackPeer } from './peer.ts';
import { TRACKED_A_STEP } from './step.ts';
import { departed, hasNeverLeft } from './tally.ts';

/** What is the same for all interfaces of a poll. */
export interface PollContext {
  readonly now: Instant;
  readonly constants: TrackingConstants;
  readonly findings: Findings;
  /** Whether a peer that has not changed since the last poll has nothing to report. */
  readonly canSkip: (publicKey: string) => boolean;
}

/** Adds a good read of one interface to the results, and returns the interface's new state. */
export function* trackInterface(
  name: string,
  generation: Generation,
  read: GoodRead,
  before: InterfaceState | undefined,
  context: PollContext,
): Generator<void, InterfaceState> {
  const { now, constants, findings } = context;
  const continuity = continuityOf(before, generation);
  const gapMs = before === undefined ? null : Math.max(0, now.monotonicMs - before.lastReadMs);
  interfaceEvents(name, continuity, gapMs, before, constants, findings.events);
  const peers = changedCopy(before?.peers ?? new Map<string, PeerState>());
  yield* trackPeers({ name, read, before, continuity, peers }, context);
  if (before !== undefined) {
    keepUnknown(read, before, peers);
    for (const publicKey of removedPeers(read, before)) {
      const gone = { ...(before.peers.get(publicKey) as PeerState), present: false };
      peers.set(publicKey, gone);
      findings.counters.push(counterOf(name, publicKey, gone));
      if (continuity === 're-created' && !findings.ownActions.removals.has(publicKey)) continue;
      findings.removed.add(publicKey);
      findings.events.push(removalEvent(publicKey, name, findings.ownActions));
    }
  }
  return {
    // A part that could not be read this time keeps its last known value.
    generation: continuity === 'continued' ? { ...before?.generation, ...generation } : generation,
    up: true,
    lastReadMs: now.monotonicMs,
    peers: peers.result(),
    hasUnknownPeers: read.unknownPeers.length > 0,
  };
}

interface TrackedInterface {
  readonly name: string;
  readonly read: GoodRead;
  readonly before: InterfaceState | undefined;
  readonly continuity: Continuity;
  readonly peers: ChangedCopy<string, PeerState>;
}

function* trackPeers(
  { name, read, before, continuity, peers }: TrackedInterface,
  { now, constants, findings, canSkip }: PollContext,
): Generator<void, void> {
  let changed = 0;
  for (const reading of read.peers) {
    const { publicKey } = reading;
    const known = before?.peers.get(publicKey);
    if (continuity === 'continued' && isSame(known, reading) && canSkip(publicKey)) continue;
    const hasLeft = known?.present === false && !hasNeverLeft(known, reading);
    const mark = known && hasLeft ? departed(known, NO_HANDSHAKE) : known;
    peers.set(
      publicKey,
      trackPeer({ name, reading, mark, continuity, now, constants, findings, before }),
    );
    if (++changed % TRACKED_A_STEP === 0) yield;
  }
}

/** A peer with impossible counters keeps its mark. */
function keepUnknown(
  { unknownPeers }: GoodRead,
  before: InterfaceState,
  peers: ChangedCopy<string, PeerState>,
): void {
  for (const { publicKey } of unknownPeers) {
    const known = before.peers.get(publicKey);
    if (!known?.present || known.missedSinceMs !== null) continue;
    peers.set(publicKey, { ...known, missedSinceMs: before.lastReadMs });
  }
}

/** The peers that were there and are no longer listed. */
function removedPeers({ peers, unknownPeers }: GoodRead, before: InterfaceState): string[] {
  let present = 0;
  for (const peer of before.peers.values()) if (peer.present) present++;
  for (const { publicKey } of peers) if (before.peers.get(publicKey)?.present) present--;
  for (const { publicKey } of unknownPeers) if (before.peers.get(publicKey)?.present) present--;
  // In most polls none is missing.
  if (present === 0) return [];
  const listed = new Set([...peers, ...unknownPeers].map(({ publicKey }) => publicKey));
  return [...before.peers].flatMap(([publicKey, peer]) =>
    peer.present && !listed.has(publicKey) ? [publicKey] : [],
  );
}

/**
 * Whether a peer is exactly as it was at the last poll. An age must be compared with the clock, and allowed IPs
 * that are empty may be cleared by wgql.
 */
function isSame(known: PeerState | undefined, reading: PeerSnapshot): boolean {
  if (known?.reading !== reading || !known.present) return false;
  const { latestHandshake } = reading;
  const isAge = latestHandshake !== null && latestHandshake > 0 && latestHandshake < EPOCH_FLOOR_S;
  return !isAge && reading.allowedIps.length > 0;
}

/**
 * An interface that was seen to be gone counts as re-created, unless its generation shows otherwise: a
 * listing can be wrong, and a false reset would book every counter twice.
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
    const seconds = Math.round(gapMs / 1000);
    events.push(interfaceEvent('MONITOR_GAP', name, String(seconds)));
  }
}
