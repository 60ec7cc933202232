import type { PolicyStore } from '../../domain/enforcement/policy-store.ts';
import type { PeriodOf } from '../../domain/enforcement/quota-period.ts';
import { joinTexts } from '../../domain/errors.ts';
import { type Enforcer, NOTHING_DONE } from '../enforcer.ts';
import type { TrafficControl } from '../nft/table.ts';
import { currentPolicies } from './current-policies.ts';
import { leftOverLimits } from './limits/leftover-limits.ts';
import { viewOf } from './observed.ts';
import { planQuotas } from './plan/quota-warning.ts';
import { deletedPeers, leftInPlace } from './report/deleted-peers.ts';
import { absentNotice } from './report/missing-peers.ts';

export interface QuotaKeeperOptions {
  readonly policies: PolicyStore;
  readonly control: TrafficControl;
  readonly periodOf: PeriodOf;
}

/**
 * The enforcer where nothing may be written to WireGuard: quota periods start and are warned of, and what an
 * earlier run left is reported.
 */
export function createQuotaKeeper(options: QuotaKeeperOptions): Enforcer {
  const { policies: store, periodOf } = options;
  const policies = currentPolicies(store, periodOf);
  const leftOver = leftOverLimits(options.control);
  const findDeleted = deletedPeers();
  let deletedKeys: ReadonlySet<string> = new Set();
  return {
    prepare: async () => {},
    complete: (snapshot) => snapshot,
    hold: async () => {},
    deeds: async () => {
      deletedKeys = await store.deletedKeys().catch(() => deletedKeys);
      return { removals: new Map(), puts: new Set(), deletedKeys, erased: new Set() };
    },
    enforce: async (snapshot, changes, now, signal) => {
      const view = viewOf(snapshot, now);
      const { nowMs } = view;
      policies.noteBooked(changes.traffic, nowMs);
      const current = await policies.loadInPeriod(nowMs);
      const updates = planQuotas(current);
      if (updates.length > 0) await store.commit(updates, [], new Date(nowMs));
      const problem = joinTexts([
        leftInPlace(findDeleted(deletedKeys, view)),
        absentNotice(current, view),
        await leftOver(signal),
      ]);
      return { ...NOTHING_DONE, problem };
    },
  };
}
