import type { Generation, PeerSnapshot } from '../wireguard/snapshot.ts';

/** The state of the tracker between two polls. Times ending in `Ms` are monotonic unless named wall. */
export interface TrackerState {
  /** By name. */
  readonly interfaces: ReadonlyMap<string, InterfaceState>;
  /** By public key. */
  readonly users: ReadonlyMap<string, UserState>;
}

export interface InterfaceState {
  readonly generation: Generation;
  readonly up: boolean;
  /** When it was last read completely. */
  readonly lastReadMs: number;
  /** By public key; peers that were removed stay, with counters of zero. */
  readonly peers: ReadonlyMap<string, PeerState>;
  /** Some peers were not read with it, because their counters were impossible. */
  readonly hasUnknownPeers: boolean;
}

export interface PeerState {
  /** The raw counters that were booked last: the mark from which the next delta is taken. */
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly handshake: Handshake;
  /** It was on the interface at the last good read. */
  readonly present: boolean;
  readonly endpoint: string | null;
  /** Joined by commas; null means unknown. */
  readonly allowedIps: string | null;
  /** null means off, undefined means unknown. */
  readonly persistentKeepaliveSeconds: number | null | undefined;
  /** null means no preshared key, undefined means unknown: a digest does not outlive the process. */
  readonly presharedKeyDigest: string | null | undefined;
  /** When it was last read, while its counters are impossible; null if it was read with its interface. */
  readonly missedSinceMs: number | null;
  /** The snapshot that this state is of: a peer with the same object has not changed. null is unknown. */
  readonly reading: PeerSnapshot | null;
}

/** A peer's latest completed handshake. */
export interface Handshake {
  /** 0 is never. */
  readonly epochSeconds: number;
  /** When it completed; null if unknown, so that it proves nothing. */
  readonly completedMs: number | null;
}

export const NO_HANDSHAKE: Handshake = { epochSeconds: 0, completedMs: null };

export interface UserState {
  /** The newest proof of life; null is none. */
  readonly provedMs: number | null;
  /** null is offline. */
  readonly session: OpenSession | null;
  /** Where the latest session ended, on the wall clock; null where none did. */
  readonly previousEndWallMs: number | null;
  /** null is not known. */
  readonly endpoint: string | null;
}

export interface OpenSession {
  readonly startedWallMs: number;
  /** The last proof of life. */
  readonly provedWallMs: number;
}

export const EMPTY_STATE: TrackerState = { interfaces: new Map(), users: new Map() };
