import type { PolicyEvent, PolicyUpdate } from '../../../domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';

/** The share of a quota at which the warning is sent, in percent. */
const WARNING_PERCENT = 80n;

export interface QuotaPlan {
  readonly set: Pick<PolicyUpdate['set'], 'quotaWarned'>;
  readonly events: readonly PolicyEvent[];
}

/** A quota's warning is sent once per period, and before the cut even if one poll passes both. */
export function planQuota(policy: PeerPolicy): QuotaPlan {
  const { quotaLimitBytes: limit, quotaUsedBytes: used, quotaWarned } = policy;
  const isNear = limit !== null && used * 100n >= limit * WARNING_PERCENT;
  if (isNear === quotaWarned) return { set: {}, events: [] };
  const warning: PolicyEvent[] = isNear
    ? [{ type: 'QUOTA_WARNING', reason: `${WARNING_PERCENT}%` }]
    : [];
  return { set: { quotaWarned: isNear }, events: warning };
}

/** The same for all users, if wgql may not change their peers. */
export function planQuotas(policies: readonly PeerPolicy[]): PolicyUpdate[] {
  return policies.flatMap((policy) => {
    const { set, events } = planQuota(policy);
    if (Object.keys(set).length === 0) return [];
    return [{ userId: policy.userId, set, removedFrom: [], restoredTo: [], events }];
  });
}
