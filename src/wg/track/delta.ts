import type { PeerState } from '../../domain/tracking/tracker-state.ts';
import type { PeerSnapshot } from '../../domain/wireguard/snapshot.ts';

export interface Delta {
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  /** Both belong to an interface that was never read before. */
  readonly isOpening: boolean;
  /** WireGuard's counters restarted since the mark. */
  readonly isReset: boolean;
}

/** How an interface relates to its previous read. */
export type Continuity = 'first-sight' | 'continued' | 're-created';

/** The bytes since the mark; after a reset, the full value of the counters. Never negative. */
export function deltaOf(
  mark: PeerState | undefined,
  reading: PeerSnapshot,
  continuity: Continuity,
): Delta {
  const { rxBytes, txBytes } = reading;
  if (continuity === 'first-sight') return { rxBytes, txBytes, isOpening: true, isReset: false };
  if (mark === undefined) return { rxBytes, txBytes, isOpening: false, isReset: false };
  const isReset =
    continuity === 're-created' ||
    rxBytes < mark.rxBytes ||
    txBytes < mark.txBytes ||
    (mark.handshake.epochSeconds !== 0 && reading.latestHandshake === 0);
  if (isReset) return { rxBytes, txBytes, isOpening: false, isReset: true };
  return {
    rxBytes: rxBytes - mark.rxBytes,
    txBytes: txBytes - mark.txBytes,
    isOpening: false,
    isReset: false,
  };
}
