import type { InterfaceState, TrackerState } from '../../domain/tracking/tracker-state.ts';
import { NO_HANDSHAKE } from '../../domain/tracking/tracker-state.ts';
import {
  type InterfaceSnapshot,
  isSameGeneration,
  type Snapshot,
} from '../../domain/wireguard/snapshot.ts';
import { departed } from './tally.ts';

/** An interface that continues under another name. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * The interfaces that were renamed since they were read last. An interface is identified by its index in its
 * network namespace, not by its name: if it were taken for a new one, all its counters would be booked again.
 */
export function renamesIn(state: TrackerState, { interfaces }: Snapshot): Rename[] {
  const readings = new Map(interfaces.map((reading) => [reading.name, reading]));
  const isInPlace = (name: string, known: InterfaceState) => {
    const reading = readings.get(name);
    return reading !== undefined && isSameDevice(reading, known);
  };
  const moved = [...state.interfaces].filter(([name, known]) => !isInPlace(name, known));
  return interfaces.flatMap((reading) => {
    const here = state.interfaces.get(reading.name);
    if (here !== undefined && isInPlace(reading.name, here)) return [];
    const found = moved.find(
      ([name, known]) =>
        name !== reading.name && isSameDevice(reading, known) && sharesPeers(reading, known),
    );
    return found === undefined ? [] : [{ from: found[0], to: reading.name }];
  });
}

function isSameDevice({ generation }: InterfaceSnapshot, known: InterfaceState): boolean {
  const hasIndex = generation.ifindex !== undefined && known.generation.ifindex !== undefined;
  return hasIndex && isSameGeneration(known.generation, generation);
}

/** Indexes may be reused after a long time; then the peers differ. */
function sharesPeers({ read }: InterfaceSnapshot, { peers }: InterfaceState): boolean {
  if (read.kind === 'unknown') return false;
  const present = [...peers].filter(([, peer]) => peer.present);
  if (present.length === 0) return read.peers.length === 0;
  return read.peers.some(({ publicKey }) => peers.get(publicKey)?.present);
}

/** The state under the new names. The state of another interface that had a new name before is dropped. */
export function withRenames(state: TrackerState, renames: readonly Rename[]): TrackerState {
  if (renames.length === 0) return state;
  const interfaces = new Map(state.interfaces);
  for (const { from } of renames) interfaces.delete(from);
  for (const { from, to } of renames) {
    const known = state.interfaces.get(from) as InterfaceState;
    const replaced = [...(interfaces.get(to)?.peers ?? [])].map(
      ([publicKey, peer]) => [publicKey, departed(peer, NO_HANDSHAKE)] as const,
    );
    interfaces.set(to, { ...known, peers: new Map([...replaced, ...known.peers]) });
  }
  return { ...state, interfaces };
}
