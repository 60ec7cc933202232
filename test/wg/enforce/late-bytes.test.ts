import { describe, expect, it } from 'vitest';
import type { PeerPolicy } from '../../../src/domain/enforcement/policy.ts';
import type { QuotaStart } from '../../../src/domain/enforcement/quota-period.ts';
import {
  createQuotaKeeper,
  type QuotaKeeperOptions,
} from '../../../src/wg/enforce/quota-keeper.ts';
import { changesOf, NOON_MS } from '../../fixtures/test-store.ts';

const HOUR_MS = 3_600_000;
const { signal } = new AbortController();
const period = { name: 'DAY 2026-01-15', startMs: NOON_MS - HOUR_MS };
const alice = {
  userId: 1,
  publicKey: 'alice',
  quotaPeriod: 'DAY',
  quotaPeriodName: period.name,
  quotaMarkAtMs: period.startMs,
  quotaLimitBytes: 1_000n,
  quotaUsedBytes: 0n,
  quotaWarned: false,
} as unknown as PeerPolicy;

describe('bytes that were booked late', () => {
  it('are separated from those of the period at the next poll, if not immediately', async () => {
    const started: QuotaStart[] = [];
    let isFull = true;
    const policies = {
      load: async () => [alice],
      startQuotas: async (starts: readonly QuotaStart[]) => {
        if (isFull) throw new Error('The disk is full.');
        started.push(...starts);
      },
    };
    const enforcer = createQuotaKeeper({
      policies,
      nftTable: { isThere: async () => false },
      periodOf: () => period,
    } as unknown as QuotaKeeperOptions);
    const nothing = { interfaces: [], notice: null };
    const now = { wallMs: NOON_MS, monotonicMs: 0 };
    const booking = { publicKey: 'alice', rxBytes: 500n, txBytes: 0n, gapMs: 2 * HOUR_MS };
    const late = changesOf({ traffic: [booking as never] });
    await expect(enforcer.enforce(nothing, late, now, signal)).rejects.toThrow('The disk is full.');
    isFull = false;
    await enforcer.enforce(nothing, changesOf(), now, signal);
    expect(started).toEqual([{ userId: 1, period }]);
    await enforcer.enforce(nothing, changesOf(), now, signal);
    expect(started).toHaveLength(1);
  });
});
