import { BYTES_PER_MB } from '../bytes.ts';
import type { Permission } from './policy.ts';

/** The stored fields of a user that decide whether it may be on. */
export interface PermissionColumns {
  readonly cutReason: string | null;
  readonly enabled: boolean;
  readonly expiresAt: Date | null;
  /** MB; 0 means no limit. */
  readonly dataLimit: number;
  /** Booked bytes, in total and at the start of the quota's period. */
  readonly rx: bigint;
  readonly tx: bigint;
  readonly quotaMarkRx: bigint;
  readonly quotaMarkTx: bigint;
}

/** What decides whether a user may be on. */
export function permissionOf(user: PermissionColumns): Permission {
  return {
    isDeleted: user.cutReason === 'DELETED',
    enabled: user.enabled,
    expiresAtMs: user.expiresAt?.getTime() ?? null,
    quotaLimitBytes: user.dataLimit === 0 ? null : BigInt(user.dataLimit) * BYTES_PER_MB,
    quotaUsedBytes: user.rx - user.quotaMarkRx + (user.tx - user.quotaMarkTx),
  };
}
