import { describe, expect, it } from 'vitest';
import type { PeerPolicy } from '../../../../src/domain/enforcement/policy.ts';
import { AppError } from '../../../../src/domain/errors.ts';
import { limiter } from '../../../../src/wg/enforce/limits/limits.ts';
import type { NftTable } from '../../../../src/wg/nft/table.ts';

const { signal } = new AbortController();
const limited = {
  userId: 1,
  publicKey: 'alice',
  bandwidthBytesPerSecond: 1_000n,
  quotaLimitBytes: null,
} as unknown as PeerPolicy;
const peers = new Map([
  [
    'wg0',
    new Map([['alice', { publicKey: 'alice', allowedIps: ['10.0.0.2/32'], latestHandshake: 0 }]]),
  ],
]);

/** Limits over an nft whose runs end when the test says so. */
function slowNft() {
  const runs: { end: () => void; fail: (error: Error) => void }[] = [];
  const nftTable = {
    apply: () =>
      new Promise((resolve, reject) => {
        runs.push({ end: () => resolve({ limitedUserIds: [1] }), fail: reject });
      }),
  } as unknown as NftTable;
  const limit = limiter(nftTable);
  const failures = new Map();
  const call = () => limit([limited], peers, new Set(), 0, failures, signal);
  return { runs, call, failures };
}

describe('limits with a slow nft', () => {
  it('are not waited for, and peers with limits are not added before them', async () => {
    const { runs, call } = slowNft();
    const first = await call();
    expect(first).toMatchObject({ isReady: false, problem: null });
    expect(await call()).toMatchObject({ isReady: false });
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await first.running;
    const next = call();
    runs[1]?.end();
    expect(await next).toMatchObject({ isReady: true, limitedIds: new Set([1]), running: null });
  });

  it('let peers be added without them once nft has failed, and report why', async () => {
    const { runs, call, failures } = slowNft();
    const first = await call();
    const problem = { en: 'nftables did not respond in time.', zh: 'nftables 未及时响应。' };
    runs[0]?.fail(new AppError('UNAVAILABLE', problem));
    await first.running;
    expect(await call()).toMatchObject({ isReady: true, problem });
    expect(failures.get(1)).toEqual(problem);
  });

  it('report their own failure at the next call', async () => {
    const { runs, call } = slowNft();
    const first = await call();
    runs[0]?.fail(new Error('A bug.'));
    await first.running;
    await expect(call()).rejects.toThrow('A bug.');
  });
});
