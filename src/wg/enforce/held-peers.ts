import {
  type Generation,
  isSameGeneration,
  type PeerSnapshot,
  type Snapshot,
} from '../../domain/wireguard/snapshot.ts';
import type { PeerCommands } from '../command/peers.ts';
import type { Observed } from './observed.ts';
import { removePeers } from './peers/remove-peers.ts';
import type { HeldStep } from './plan/hold.ts';

/** Peers that were removed before their last bytes could be booked. */
export interface HeldPeers {
  keep(interfaceName: string, generation: Generation, peer: PeerSnapshot): void;
  /** Returns the snapshot with these peers as they were read last, so that they are booked once possible. */
  complete(snapshot: Snapshot): Snapshot;
  /** Called when the held peers are booked. */
  clear(): void;
}

interface Held {
  readonly generation: Generation;
  readonly peer: PeerSnapshot;
}

export function heldPeers(): HeldPeers {
  /** By interface and public key. */
  const held = new Map<string, Map<string, Held>>();
  return {
    keep: (name, generation, peer) => {
      held.set(name, (held.get(name) ?? new Map()).set(peer.publicKey, { generation, peer }));
    },
    complete: (snapshot) => {
      if (held.size === 0) return snapshot;
      const interfaces = snapshot.interfaces.map((reading) => {
        const { name, generation, read } = reading;
        const own = held.get(name);
        if (own === undefined || read.kind === 'unknown') return reading;
        const there = new Set(read.peers.map(({ publicKey }) => publicKey));
        const gone = [...own.values()].filter(
          (one) => !there.has(one.peer.publicKey) && isSameGeneration(one.generation, generation),
        );
        return {
          ...reading,
          read: { ...read, peers: [...read.peers, ...gone.map(({ peer }) => peer)] },
        };
      });
      return { ...snapshot, interfaces };
    },
    clear: () => held.clear(),
  };
}

/** Clears the allowed IPs of peers, removes those that are cleared already, and keeps their last bytes. */
export async function removeHeld(
  { clearAllowedIps, remove }: PeerCommands,
  steps: readonly HeldStep[],
  held: HeldPeers,
  { generations }: Pick<Observed, 'generations'>,
  signal: AbortSignal,
): Promise<void> {
  const isCleared = ({ peer }: HeldStep) => peer.allowedIps.length === 0;
  const silent = steps.filter(isCleared);
  for (const { interface: name, peer } of silent) {
    held.keep(name, generations.get(name) ?? {}, peer);
  }
  const loud = steps.filter((step) => !isCleared(step));
  await removePeers(clearAllowedIps, loud, new Map(), signal);
  await removePeers(remove, silent, new Map(), signal);
}
