import type { Text } from '../errors.ts';

/** Why a peer must be off the interface. */
export const CUT_REASONS = ['DISABLED', 'EXPIRED', 'QUOTA_EXCEEDED', 'DELETED'] as const;
export type CutReason = (typeof CUT_REASONS)[number];

/** The observed location of a peer compared with the required one. */
export const APPLIED_STATES = ['PRESENT', 'ABSENT', 'PENDING', 'MISSING', 'UNKNOWN'] as const;
export type AppliedState = (typeof APPLIED_STATES)[number];

/** What decides whether a user may be on. */
export interface Permission {
  readonly isDeleted: boolean;
  readonly enabled: boolean;
  /** null means never. */
  readonly expiresAtMs: number | null;
  /** null means no limit. */
  readonly quotaLimitBytes: bigint | null;
  readonly quotaUsedBytes: bigint;
}

/** A peer's configuration on an interface that wgql removed it from. */
export interface RemovedPeer {
  readonly interface: string;
  /** null means unknown. */
  readonly allowedIps: readonly string[] | null;
  readonly persistentKeepaliveSeconds: number | null;
  readonly endpoint: string | null;
  /** Encrypted; null means none. */
  readonly sealedPresharedKey: string | null;
}

/** The required state of one user's peer, and the actions already taken. */
export interface PeerPolicy extends Permission {
  readonly userId: number;
  readonly publicKey: string;
  /** The assigned interface; null if there is none yet. */
  readonly interface: string | null;
  /** wgql manages the peer's presence. */
  readonly managed: boolean;
  /** Declared, or as last read for a peer that is not managed; null means unknown. */
  readonly allowedIps: readonly string[] | null;
  readonly persistentKeepaliveSeconds: number | null;
  /** Encrypted; null means none. */
  readonly sealedPresharedKey: string | null;
  readonly endpoint: string | null;
  /** Bytes per second in each direction; 0 means no limit. */
  readonly bandwidthBytesPerSecond: bigint;
  /** NONE, DAY, WEEK or MONTH. */
  readonly quotaPeriod: string;
  /** The period that its use counts from; null if there is none yet. */
  readonly quotaPeriodName: string | null;
  readonly quotaMarkAtMs: number;
  readonly quotaWarned: boolean;
  readonly cutReason: CutReason | null;
  readonly removedByUs: boolean;
  readonly kickRequested: boolean;
  /** The author of the latest kick or deletion, or null. */
  readonly requestedBy: string | null;
  readonly missing: boolean;
  readonly configPending: boolean;
  readonly presharedKeyKnown: boolean;
  readonly applied: AppliedState;
  /** The user's revision; it grows with every change of the configuration. */
  readonly revision: number;
  /**
   * The interfaces that wgql removed the peer from and must restore it to, each with its configuration there.
   */
  readonly removedPeers: readonly RemovedPeer[];
  readonly error: Text | null;
}

/** Why the user must be off now; null if it may be on. */
export function cutReasonOf(permission: Permission, nowMs: number): CutReason | null {
  if (permission.isDeleted) return 'DELETED';
  if (!permission.enabled) return 'DISABLED';
  if (permission.expiresAtMs !== null && permission.expiresAtMs <= nowMs) return 'EXPIRED';
  return isOverQuota(permission) ? 'QUOTA_EXCEEDED' : null;
}

/** Whether the user has used all of its quota; false if it has none. */
export function isOverQuota({ quotaLimitBytes, quotaUsedBytes }: QuotaUse): boolean {
  return quotaLimitBytes !== null && quotaUsedBytes >= quotaLimitBytes;
}

type QuotaUse = Pick<Permission, 'quotaLimitBytes' | 'quotaUsedBytes'>;
