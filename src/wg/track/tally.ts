import type { Handshake, PeerState } from '../../domain/tracking/tracker-state.ts';
import { EPOCH_FLOOR_S, type PeerSnapshot } from '../../domain/wireguard/snapshot.ts';

/** A proof of life found by this poll. */
export interface Proof {
  /** Its time on the monotonic clock. */
  readonly provedMs: number;
  /** When the underlying handshake completed, on the monotonic clock. */
  readonly handshakeMs: number;
  readonly endpoint: string | null;
}

/** The result of one poll for one user, over all its interfaces. */
export interface UserDelta {
  readonly publicKey: string;
  /** The first interface on which the user was read. */
  readonly interface: string;
  rxBytes: bigint;
  txBytes: bigint;
  openingRxBytes: bigint;
  openingTxBytes: bigint;
  /** The part that flowed in the current quarter hour. */
  currentRxBytes: bigint;
  currentTxBytes: bigint;
  /**
   * The part that belongs to a session: without opening balances, and without bytes from before a long gap.
   */
  sessionRxBytes: bigint;
  sessionTxBytes: bigint;
  proof: Proof | null;
  /** When one of its interfaces was last read before this poll; null means never. */
  lastReadMs: number | null;
  /** The newest endpoint that differs from the known one of its peer. */
  endpoint: string | null;
  allowedIps: string | undefined;
  persistentKeepaliveSeconds: number | null | undefined;
}

export function newTally(publicKey: string, interfaceName: string): UserDelta {
  return {
    publicKey,
    interface: interfaceName,
    rxBytes: 0n,
    txBytes: 0n,
    openingRxBytes: 0n,
    openingTxBytes: 0n,
    currentRxBytes: 0n,
    currentTxBytes: 0n,
    sessionRxBytes: 0n,
    sessionTxBytes: 0n,
    proof: null,
    lastReadMs: null,
    endpoint: null,
    allowedIps: undefined,
    persistentKeepaliveSeconds: undefined,
  };
}

/** A peer that was removed: WireGuard's counters for it are gone, so the mark is zero. */
export function departed(peer: PeerState, none: Handshake): PeerState {
  return { ...peer, rxBytes: 0n, txBytes: 0n, handshake: none, present: false, reading: null };
}

/**
 * Whether a peer that was missing from one read is still the same: if it had been removed and added again, it
 * would have lost its handshake. A response that was cut off looks like a removal.
 */
export function hasNeverLeft(mark: PeerState, reading: PeerSnapshot): boolean {
  const { epochSeconds } = mark.handshake;
  return (
    epochSeconds >= EPOCH_FLOOR_S &&
    reading.latestHandshake === epochSeconds &&
    reading.rxBytes >= mark.rxBytes &&
    reading.txBytes >= mark.txBytes
  );
}
