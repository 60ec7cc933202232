import type { PolicyStore } from '../../domain/enforcement/policy-store.ts';
import type { PeriodOf } from '../../domain/enforcement/quota-period.ts';
import { joinTexts } from '../../domain/errors.ts';
import { type Enforcer, NOTHING_DONE } from '../enforcer.ts';
import type { NftTable } from '../nft/table.ts';
import { currentPolicies } from './current-policies.ts';
import { leftoverLimits } from './limits/leftover-limits.ts';
import { observe } from './observed.ts';
import { planQuotas } from './plan/quota-warning.ts';
import { deletedPeers, leftInPlace } from './report/deleted-peers.ts';
import { absentNotice } from './report/missing-peers.ts';

export interface QuotaKeeperOptions {
  readonly policies: PolicyStore;
  readonly nftTable: NftTable;
  readonly periodOf: PeriodOf;
}

/**
 * The enforcer for WGQL_MANAGE=off: quota periods start and warnings are sent, and the leftovers of an
 * earlier run are reported.
 */
export function createQuotaKeeper(options: QuotaKeeperOptions): Enforcer {
  const { policies: store, periodOf } = options;
  const policies = currentPolicies(store, periodOf);
  const leftOver = leftoverLimits(options.nftTable);
  const findDeleted = deletedPeers();
  let deletedKeys: ReadonlySet<string> = new Set();
  return {
    prepare: async () => {},
    complete: (snapshot) => snapshot,
    hold: async () => {},
    ownActions: async () => {
      deletedKeys = await store.deletedKeys().catch(() => deletedKeys);
      return { removals: new Map(), writes: new Set(), deletedKeys, erased: new Set() };
    },
    enforce: async (snapshot, changes, now, signal) => {
      const observed = observe(snapshot, now);
      const { nowMs } = observed;
      policies.noteBooked(changes.traffic, nowMs);
      const current = await policies.loadInPeriod(nowMs);
      const updates = planQuotas(current);
      if (updates.length > 0) await store.commit(updates, [], new Date(nowMs));
      const problem = joinTexts([
        leftInPlace(findDeleted(deletedKeys, observed)),
        absentNotice(current, observed),
        await leftOver(signal),
      ]);
      return { ...NOTHING_DONE, problem };
    },
  };
}
