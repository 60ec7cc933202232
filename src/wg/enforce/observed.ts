import type { Instant } from '../../domain/time/clock.ts';
import type { Generation, PeerSnapshot, Snapshot } from '../../domain/wireguard/snapshot.ts';

/** A snapshot in the form that planning needs. */
export interface Observed {
  readonly nowMs: number;
  /** Interfaces that were read, with their peers by public key. */
  readonly reads: ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>>;
  /** The keys of the interfaces that were read, by name; null means no key. */
  readonly ownKeys: ReadonlyMap<string, string | null>;
  /** The generations of the interfaces that were read, by name. */
  readonly generations: ReadonlyMap<string, Generation>;
  /** Interfaces that exist and could not be read. */
  readonly unknown: ReadonlySet<string>;
  /** Peers that exist but report impossible counters. */
  readonly unreadable: ReadonlySet<string>;
}

export function observe(snapshot: Snapshot, now: Instant): Observed {
  const reads = new Map<string, ReadonlyMap<string, PeerSnapshot>>();
  const ownKeys = new Map<string, string | null>();
  const generations = new Map<string, Generation>();
  const unknown = new Set<string>();
  const unreadable = new Set<string>();
  for (const { name, generation, read } of snapshot.interfaces) {
    if (read.kind === 'unknown') {
      unknown.add(name);
      continue;
    }
    reads.set(name, new Map(read.peers.map((peer) => [peer.publicKey, peer])));
    ownKeys.set(name, read.publicKey);
    generations.set(name, generation);
    for (const { publicKey } of read.unknownPeers) unreadable.add(publicKey);
  }
  return { nowMs: Math.round(now.wallMs), reads, ownKeys, generations, unknown, unreadable };
}
