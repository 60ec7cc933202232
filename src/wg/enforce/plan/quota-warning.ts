import type { PolicyEvent, PolicyUpdate } from '../../../domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';

/** A quota's warning comes at this share of it, in percent. */
const WARNING_PERCENT = 80n;

export interface QuotaPlan {
  readonly set: Pick<PolicyUpdate['set'], 'quotaWarned'>;
  readonly events: readonly PolicyEvent[];
}

/** A quota's warning comes once a period, and before the cut also where one poll goes past both. */
export function planQuota(policy: PeerPolicy): QuotaPlan {
  const { quotaLimitBytes: limit, quotaUsedBytes: used, quotaWarned } = policy;
  const isNear = limit !== null && used * 100n >= limit * WARNING_PERCENT;
  if (isNear === quotaWarned) return { set: {}, events: [] };
  const warning: PolicyEvent[] = isNear
    ? [{ type: 'QUOTA_WARNING', reason: `${WARNING_PERCENT}%` }]
    : [];
  return { set: { quotaWarned: isNear }, events: warning };
}

/** The same for all users, where nothing may be done to their peers. */
export function planQuotas(policies: readonly PeerPolicy[]): PolicyUpdate[] {
  return policies.flatMap((policy) => {
    const { set, events } = planQuota(policy);
    if (Object.keys(set).length === 0) return [];
    return [{ userId: policy.userId, set, removedFrom: [], restoredTo: [], events }];
  });
}
