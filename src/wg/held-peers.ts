import type { Generation, PeerReading, Snapshot } from './reading.ts';
import { isSameGeneration } from './reading.ts';

/** Peers that were removed before their last bytes could be booked. */
export interface HeldPeers {
  keep(interfaceName: string, generation: Generation, peer: PeerReading): void;
  /** The snapshot with these peers as they were read last: so they are booked when that is possible. */
  complete(snapshot: Snapshot): Snapshot;
  /** What was kept is booked. */
  clear(): void;
}

interface Held {
  readonly generation: Generation;
  readonly peer: PeerReading;
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
