import type { Instant } from '../../domain/time/clock.ts';
import type { EventChange } from '../../domain/tracking/changes.ts';
import type { TrackingConstants } from '../../domain/tracking/constants.ts';
import { type InterfaceState, NO_HANDSHAKE } from '../../domain/tracking/tracker-state.ts';
import {
  type Generation,
  type GoodRead,
  isSameGeneration,
} from '../../domain/wireguard/snapshot.ts';
import type { Continuity } from './delta.ts';
import { interfaceEvent, removalEvent } from './events.ts';
import { counterOf, type Findings, trackPeer } from './peer.ts';
import { departed, hasNeverLeft } from './tally.ts';

/** Adds a good read of one interface to the results, and returns the interface's new state. */
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
      trackPeer({ name, reading, mark, continuity, now, constants, findings, before }),
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
    // A part that could not be read this time keeps its last known value.
    generation: continuity === 'continued' ? { ...before?.generation, ...generation } : generation,
    up: true,
    lastReadMs: now.monotonicMs,
    peers,
  };
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
    events.push(interfaceEvent('MONITOR_GAP', name, null));
  }
}
