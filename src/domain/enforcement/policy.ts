import type { Text } from '../errors.ts';

/** Why a peer must be off the interface. */
export const CUT_REASONS = ['DISABLED', 'EXPIRED', 'QUOTA_EXCEEDED', 'DELETED'] as const;
export type CutReason = (typeof CUT_REASONS)[number];

/** Where a peer is, against where it shall be. */
export const APPLIED_STATES = ['PRESENT', 'ABSENT', 'PENDING', 'MISSING', 'UNKNOWN'] as const;
export type AppliedState = (typeof APPLIED_STATES)[number];

/** What decides whether a user may be on. */
export interface Permission {
  readonly isDeleted: boolean;
  readonly enabled: boolean;
  /** null is never. */
  readonly expiresAtMs: number | null;
  /** null is no limit. */
  readonly quotaLimitBytes: bigint | null;
  readonly quotaUsedBytes: bigint;
}

/** A peer's configuration on an interface that the program took it off. */
export interface RemovedPeer {
  readonly interface: string;
  /** null is not known. */
  readonly allowedIps: readonly string[] | null;
  readonly persistentKeepaliveSeconds: number | null;
  readonly endpoint: string | null;
  /** Sealed; null is none. */
  readonly sealedPresharedKey: string | null;
}

/** What is wanted of one user's peer, and what was already done about it. */
export interface PeerPolicy extends Permission {
  readonly userId: number;
  readonly publicKey: string;
  /** Where the peer belongs; null is nowhere yet. */
  readonly interface: string | null;
  /** The program owns the peer's presence. */
  readonly managed: boolean;
  /** Declared, or as last read of a peer that is not managed; null is not known. */
  readonly allowedIps: readonly string[] | null;
  readonly persistentKeepaliveSeconds: number | null;
  /** Sealed; null is none. */
  readonly sealedPresharedKey: string | null;
  readonly endpoint: string | null;
  /** Bytes a second in each direction; 0 is no limit. */
  readonly bandwidthBytesPerSecond: bigint;
  /** NONE, DAY, WEEK or MONTH. */
  readonly quotaPeriod: string;
  /** The period that its use counts from; null is none yet. */
  readonly quotaPeriodName: string | null;
  readonly quotaMarkAtMs: number;
  readonly quotaWarned: boolean;
  readonly cutReason: CutReason | null;
  readonly removedByUs: boolean;
  readonly kickRequested: boolean;
  /** Who asked for the latest kick or deletion; null is nobody. */
  readonly requestedBy: string | null;
  readonly missing: boolean;
  readonly configPending: boolean;
  readonly presharedKeyKnown: boolean;
  readonly applied: AppliedState;
  /** The user's revision; it grows with every change of the configuration. */
  readonly revision: number;
  /** Where the program took the peer off and owes it back, each with what it had there. */
  readonly removedPeers: readonly RemovedPeer[];
  readonly error: Text | null;
}

/** Why the user may not be on now; null when it may. */
export function cutReasonOf(permission: Permission, nowMs: number): CutReason | null {
  if (permission.isDeleted) return 'DELETED';
  if (!permission.enabled) return 'DISABLED';
  if (permission.expiresAtMs !== null && permission.expiresAtMs <= nowMs) return 'EXPIRED';
  const { quotaLimitBytes, quotaUsedBytes } = permission;
  if (quotaLimitBytes !== null && quotaUsedBytes >= quotaLimitBytes) return 'QUOTA_EXCEEDED';
  return null;
}
