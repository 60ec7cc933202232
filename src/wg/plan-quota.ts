import type { PlanContext, PolicyEvent, PolicyUpdate } from './plan-types.ts';
import type { PeerPolicy } from './policy.ts';

/** A quota's warning comes at this share of it, in percent. */
const WARNING_PERCENT = 80n;

export interface QuotaPlan {
  /** With what is used after the period began anew. */
  readonly policy: PeerPolicy;
  readonly restartsQuota: boolean;
  readonly set: Pick<PolicyUpdate['set'], 'quotaWarned'>;
  readonly events: readonly PolicyEvent[];
}

/** What a quota does by itself: its period begins anew, and its warning comes once. */
export function planQuota(
  declared: PeerPolicy,
  context: Pick<PlanContext, 'periodStartMs'>,
): QuotaPlan {
  const restartsQuota = isPeriodOver(declared, context);
  const policy = restartsQuota ? { ...declared, quotaUsedBytes: 0n } : declared;
  const restart: PolicyEvent[] = restartsQuota
    ? [{ type: 'QUOTA_RESET', reason: declared.quotaPeriod }]
    : [];
  const { quotaLimitBytes: limit, quotaUsedBytes: used, quotaWarned } = policy;
  const isNear = limit !== null && used * 100n >= limit * WARNING_PERCENT;
  if (isNear === quotaWarned) return { policy, restartsQuota, set: {}, events: restart };
  const isShort = isNear && used < limit;
  const warning: PolicyEvent[] = isShort
    ? [{ type: 'QUOTA_WARNING', reason: `${WARNING_PERCENT}%` }]
    : [];
  return { policy, restartsQuota, set: { quotaWarned: isNear }, events: [...restart, ...warning] };
}

/** The same for all users, where nothing may be done to their peers. */
export function planQuotas(
  policies: readonly PeerPolicy[],
  context: Pick<PlanContext, 'periodStartMs'>,
): PolicyUpdate[] {
  return policies.flatMap((declared) => {
    const { restartsQuota, set, events } = planQuota(declared, context);
    if (!restartsQuota && Object.keys(set).length === 0) return [];
    return [{ userId: declared.userId, set, takenFrom: [], backOn: [], restartsQuota, events }];
  });
}

function isPeriodOver(
  policy: PeerPolicy,
  { periodStartMs }: Pick<PlanContext, 'periodStartMs'>,
): boolean {
  const startMs = periodStartMs(policy.quotaPeriod);
  return startMs !== null && policy.quotaMarkAtMs < startMs;
}
