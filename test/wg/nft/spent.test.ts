import { describe, expect, it } from 'vitest';
import { quotaName } from '../../../src/wg/nft/names.ts';
import { spentTooSoon } from '../../../src/wg/nft/spent.ts';
import type { QuotaBackstop } from '../../../src/wg/nft/table.ts';

const quota = (userId: number, bytesLeft: bigint, seed = 'a'): QuotaBackstop => ({
  userId,
  interface: 'wg0',
  prefixes: [`10.8.0.${userId}/32`],
  bytesLeft,
  countsTx: true,
  isBooked: true,
  seed,
});
const listed = (userId: number, bytes: number, used: number) => ({
  quota: { family: 'inet', name: quotaName(userId, 'a'), table: 'wgql', bytes, used, inv: true },
});
const rule = { rule: { expr: [{ quota: { map: { key: 'x', data: '@quotaRx4' } } }] } };

describe('a quota object', () => {
  it('is used up too soon if the recorded quota is not used up', () => {
    const listing = JSON.stringify({
      nftables: [rule, listed(1, 5000, 5000), listed(2, 5000, 4999), listed(3, 5000, 5000)],
    });
    const quotas = [quota(1, 3000n), quota(2, 3000n), quota(3, 0n), quota(4, 3000n)];
    expect([...spentTooSoon(listing, quotas)]).toEqual([quotaName(1, 'a')]);
    expect(spentTooSoon(null, quotas).size).toBe(0);
  });

  it('is not used up too soon if another object is required', () => {
    const listing = JSON.stringify({ nftables: [listed(1, 5000, 5000)] });
    expect(spentTooSoon(listing, [quota(1, 3000n, 'b')]).size).toBe(0);
  });

  it('is not used up too soon while one of its interfaces is not read and booked', () => {
    const listing = JSON.stringify({ nftables: [listed(1, 5000, 5000)] });
    const dark = { ...quota(1, 3000n), interface: 'wg1', isBooked: false };
    expect(spentTooSoon(listing, [quota(1, 3000n), dark]).size).toBe(0);
  });

  it('is not used up too soon if the first quota of its user, which the table has, is used up', () => {
    const listing = JSON.stringify({ nftables: [listed(1, 0, 0)] });
    const elsewhere = { ...quota(1, 3000n), interface: 'wg1' };
    expect(spentTooSoon(listing, [quota(1, 0n), elsewhere]).size).toBe(0);
  });
});
