import type { UserRecord } from '../../store/records.ts';
import { BYTES_PER_MB } from '../bytes.ts';
import type { Permission } from './policy.ts';

/** What decides whether a user may be on. */
export function permissionOf(user: UserRecord): Permission {
  return {
    isDeleted: user.cutReason === 'DELETED',
    enabled: user.enabled,
    expiresAtMs: user.expiresAt?.getTime() ?? null,
    quotaLimitBytes: user.dataLimit === 0 ? null : BigInt(user.dataLimit) * BYTES_PER_MB,
    quotaUsedBytes: user.rx - user.quotaMarkRx + (user.tx - user.quotaMarkTx),
  };
}
