import type { PeerPolicy } from '../../domain/enforcement/policy.ts';
import type { PolicyStore } from '../../domain/enforcement/policy-store.ts';
import { addLate, type PeriodOf, quotaStarts } from '../../domain/enforcement/quota-period.ts';
import type { TrafficBooking } from '../../domain/tracking/changes.ts';

/** The policies of all users, with each quota in its current period. */
export interface CurrentPolicies {
  /** Notes which bytes were booked late, until the quota marks are updated. */
  noteBooked(traffic: readonly TrafficBooking[], nowMs: number): void;
  /** Loads all policies and starts the quota periods that are due. */
  loadInPeriod(nowMs: number): Promise<readonly PeerPolicy[]>;
  /** Loads all policies unchanged. If the database fails, returns those of the last load. */
  loadIfPossible(): Promise<readonly PeerPolicy[]>;
}

export function currentPolicies(
  store: Pick<PolicyStore, 'load' | 'startQuotas'>,
  periodOf: PeriodOf,
): CurrentPolicies {
  let known: readonly PeerPolicy[] = [];
  /** Start of each late-booked interval by public key; cleared once quota marks are updated. */
  const bookedSinceMs = new Map<string, number>();
  return {
    noteBooked: (traffic, nowMs) => addLate(bookedSinceMs, traffic, nowMs),
    loadInPeriod: async (nowMs) => {
      const policies = await store.load();
      const starts = quotaStarts(policies, { nowMs, periodOf, bookedSinceMs });
      if (starts.length > 0) await store.startQuotas(starts, new Date(nowMs));
      bookedSinceMs.clear();
      known = starts.length > 0 ? await store.load() : policies;
      return known;
    },
    loadIfPossible: async () => {
      known = await store.load().catch(() => known);
      return known;
    },
  };
}
