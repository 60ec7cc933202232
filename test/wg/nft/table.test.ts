import { describe, expect, it } from 'vitest';
import { CommandError } from '../../../src/wg/command/run.ts';
import { leftoverLimits } from '../../../src/wg/enforce/limits/leftover-limits.ts';
import { wantedContents } from '../../../src/wg/nft/desired.ts';
import { diffTables } from '../../../src/wg/nft/diff.ts';
import { elementKey, quoteInterface, userOfObject } from '../../../src/wg/nft/names.ts';
import { rateLimitFor } from '../../../src/wg/nft/rate-limit.ts';
import { createNftTable, type RunNft, type WantedControl } from '../../../src/wg/nft/table.ts';

const { signal } = new AbortController();
const NOTHING: WantedControl = { bandwidth: [], quotas: [], prefixes: [] };

interface Peer {
  readonly userId: number;
  readonly interface: string;
  readonly prefixes: readonly string[];
}

const peer = (userId: number, ...prefixes: string[]): Peer => ({
  userId,
  interface: 'wg0',
  prefixes,
});
const limited = (one: Peer, bytesPerSecond = 100_000n) => ({ ...one, bytesPerSecond });
const counted = (one: Peer, seed = 'a', bytesLeft = 5000n) => ({
  ...one,
  bytesLeft,
  seed,
  countsTx: true,
  isBooked: true,
});
const want = (some: Partial<WantedControl>): WantedControl => ({ ...NOTHING, ...some });
const alice = peer(1, '10.0.0.0/24');
const bob = peer(2, '10.0.0.7/32', 'fd00::7/128');

describe('a rate limit', () => {
  it.each([
    [0n, 1n],
    [10_240n, 10_240n],
    [2n ** 41n, 2n ** 33n],
  ])('of %s bytes per second has a rate that the kernel accepts: %s', (asked, rate) => {
    expect(rateLimitFor(asked)).toEqual({ rate, burst: 65_536n });
    // What older kernels compute without looking whether it fits.
    expect((rate + 65_536n) * 10n ** 9n < 2n ** 64n).toBe(true);
  });
});

describe('names', () => {
  it.each([
    ['wg0', '"wg0"'],
    ['wg-a.b', '"wg-a.b"'],
    ['wg*', '"wg\\*"'],
    ['wg;$x', '"wg;$x"'],
  ])('%s is quoted as %s', (name, quoted) => {
    expect(quoteInterface(name)).toBe(quoted);
  });

  it('cannot contain a quotation mark', () => {
    expect(() => quoteInterface('wg"0')).toThrow(/quotation mark/);
  });

  it.each([
    ['u12_rx', 12],
    ['u12_q_0123456789abcdef', 12],
    ['u12_q_0', null],
    ['other', null],
  ])('%s belongs to %s', (name, userId) => {
    expect(userOfObject(name)).toBe(userId);
  });
});

describe('the desired table', () => {
  const keysOf = (wanted: WantedControl) => {
    const { elements } = wantedContents(wanted);
    return Object.fromEntries(
      Object.entries(elements).flatMap(([map, keys]) =>
        keys.size === 0 ? [] : [[map, [...keys].map((pair) => pair.join(' : '))]],
      ),
    );
  };

  it('excludes the longer prefix of a user without limits', () => {
    const keys = ['10.0.0.0-10.0.0.6 . "wg0"', '10.0.0.8-10.0.0.255 . "wg0"'];
    expect(keysOf(want({ bandwidth: [limited(alice)], prefixes: [alice, bob] }))).toEqual({
      rx4: keys.map((key) => `${key} : u1_rx`),
      tx4: keys.map((key) => `${key} : u1_tx`),
    });
  });

  it('does not need a list of all peers', () => {
    expect(
      Object.keys(keysOf(want({ bandwidth: [limited(bob)], quotas: [counted(bob)] }))),
    ).toEqual(['rx4', 'rx6', 'tx4', 'tx6', 'quotaRx4', 'quotaRx6', 'quotaTx4', 'quotaTx6']);
  });

  it('has one pair of limits per user for all interfaces, the smaller if they differ', () => {
    const elsewhere = { ...alice, interface: 'wg1' };
    const contents = wantedContents(
      want({ bandwidth: [limited(alice, 9000n), limited(elsewhere, 8000n)] }),
    );
    expect([...contents.limits.keys()]).toEqual(['u1_rx', 'u1_tx']);
    expect(contents.limits.get('u1_rx')?.rate).toBe(8000n);
    expect(contents.elements.rx4.size).toBe(2);
  });

  it('limits a user only on the requested interfaces', () => {
    const elsewhere = { ...alice, interface: 'wg1' };
    const wanted = want({
      bandwidth: [limited(alice)],
      quotas: [counted({ ...bob, interface: 'wg1' })],
      prefixes: [alice, elsewhere],
    });
    expect(keysOf(wanted).rx4).toEqual(['10.0.0.0-10.0.0.255 . "wg0" : u1_rx']);
  });

  it('has no object for a user without addresses', () => {
    const contents = wantedContents(want({ bandwidth: [limited(peer(3))], prefixes: [alice] }));
    expect(contents.limits.size).toBe(0);
    expect(diffTables(contents, null).script).toBe('');
  });

  it('keeps quotas within the range of the kernel', () => {
    const contents = wantedContents(
      want({ quotas: [counted(alice, 'a', -5n), counted(bob, 'b', 2n ** 70n)] }),
    );
    expect([...contents.quotas.values()]).toEqual([0n, 2n ** 63n - 1n]);
  });
});

describe('a change', () => {
  const from = (before: Partial<WantedControl>, after: Partial<WantedControl>) =>
    diffTables(wantedContents(want(after)), wantedContents(want(before)));

  it('is empty for an equal table, and for a quota with less left', () => {
    const before = { bandwidth: [limited(alice)], quotas: [counted(bob)] };
    const after = { bandwidth: [limited(alice)], quotas: [counted(bob, 'a', 17n)] };
    expect(from(before, after)).toEqual({ script: '', limitedUserIds: [] });
  });

  it('replaces the objects of the changed user only', () => {
    const before = { bandwidth: [limited(alice), limited(bob)], prefixes: [alice, bob] };
    const after = { bandwidth: [limited(alice), limited(bob, 5n)], prefixes: [alice, bob] };
    const { script, limitedUserIds } = from(before, after);
    expect(limitedUserIds).toEqual([2]);
    expect(script).not.toContain('u1_');
    expect(script.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      ...Array(4).fill('delete element'),
      ...Array(2).fill('delete limit'),
      ...Array(2).fill('add limit'),
      ...Array(4).fill('add element'),
      '',
    ]);
  });

  it('replaces no object when only the addresses change', () => {
    const before = { bandwidth: [limited(alice)], prefixes: [alice] };
    const after = { bandwidth: [limited(alice)], prefixes: [alice, bob] };
    const { script, limitedUserIds } = from(before, after);
    expect(limitedUserIds).toEqual([1]);
    expect(script).not.toContain('limit');
  });

  it('creates a new quota for a new seed', () => {
    const { script, limitedUserIds } = from(
      { quotas: [counted(alice, 'a')] },
      { quotas: [counted(alice, 'b')] },
    );
    expect(limitedUserIds).toEqual([]);
    expect(script.match(/^(?:add|delete) quota inet wgql u1_q_[0-9a-f]{16}/gm)).toHaveLength(2);
  });

  it('deletes the table with the last limit', () => {
    expect(from({ bandwidth: [limited(alice)] }, {})).toEqual({
      script: 'delete table inet wgql\n',
      limitedUserIds: [],
    });
  });

  it('uses one notation for each element', () => {
    const range = { family: 6, first: 1n, last: 1n } as const;
    expect(elementKey(range, '"wg0"')).toBe('0000:0000:0000:0000:0000:0000:0000:0001 . "wg0"');
  });
});

/** An nft that fails in this way, or a table that is never there, and the calls it got. */
function fakeNft(failure?: CommandError) {
  const calls: (readonly string[])[] = [];
  const run: RunNft = async (args) => {
    calls.push(args);
    if (failure !== undefined) throw failure;
    if (args.includes('list')) {
      throw new CommandError('failed', 'Error: No such file or directory');
    }
    return '';
  };
  return { run, calls };
}

describe('the nftables table', () => {
  const limits = want({ bandwidth: [limited(alice)] });

  it('starts one process in total while no limits are required and none exist', async () => {
    const { run, calls } = fakeNft();
    const nftTable = createNftTable(run);
    for (let poll = 0; poll < 5; poll++) {
      const wanted = want({ prefixes: [peer(poll, '10.0.0.1/32')] });
      expect(await nftTable.apply(wanted, signal)).toEqual({ limitedUserIds: [] });
    }
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['no nft', new CommandError('missing', ''), /"nft" was not found/, /找不到命令/],
    [
      'no right',
      new CommandError('forbidden', ''),
      /not permitted|nftables refuses/,
      /权限|拒绝访问/,
    ],
    [
      'a refusal',
      new CommandError('failed', 'Error: Could not process rule: X\nadd'),
      /\(.*rule: X\);/,
      /拒绝/,
    ],
  ])('reports why it cannot be written: %s', async (_, failure, en, zh) => {
    const nftTable = createNftTable(fakeNft(failure).run);
    const failing = nftTable.apply(limits, signal);
    await expect(failing).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      text: { en: expect.stringMatching(en), zh: expect.stringMatching(zh) },
    });
  });

  it.each(['missing', 'forbidden'] as const)(
    'reports no error while no limits are required and nft is %s',
    async (failure) => {
      const { run, calls } = fakeNft(new CommandError(failure, ''));
      const nftTable = createNftTable(run);
      await nftTable.apply(NOTHING, signal);
      await nftTable.apply(NOTHING, signal);
      expect(calls).toHaveLength(1);
      await expect(nftTable.apply(limits, signal)).rejects.toThrow();
    },
  );

  it('reports a timeout', async () => {
    const nftTable = createNftTable(fakeNft(new CommandError('no-answer', '')).run);
    await expect(nftTable.apply(limits, signal)).rejects.toThrow(/in time/);
  });

  it('seldom writes again if nft shows other rules than were written', async () => {
    const calls: (readonly string[])[] = [];
    const nftTable = createNftTable(async (args) => {
      calls.push(args);
      return args.includes('list') ? '{"nftables": [{"surprise": {}}]}' : '';
    });
    for (let poll = 0; poll < 60; poll++) {
      await expect(nftTable.apply(limits, signal)).rejects.toThrow(/shows different ones/);
    }
    expect(calls.filter((args) => args.includes('-f'))).toHaveLength(2);
  });

  it('writes again at the next call if the table was deleted immediately', async () => {
    const { run, calls } = fakeNft();
    const nftTable = createNftTable(run);
    await expect(nftTable.apply(limits, signal)).rejects.toThrow(/shows different ones/);
    await expect(nftTable.apply(limits, signal)).rejects.toThrow(/shows different ones/);
    expect(calls.filter((args) => args.includes('-f'))).toHaveLength(2);
  });

  it('is checked without a write to the kernel', async () => {
    const { run, calls } = fakeNft();
    const nftTable = createNftTable(run);
    await nftTable.isThere(signal);
    expect(calls).toEqual([['-t', 'list', 'table', 'inet', 'wgql']]);
    const nowhere = createNftTable(async () => {
      throw new CommandError('failed', 'No such file or directory');
    });
    expect(await nowhere.isThere(signal)).toBe(false);
  });

  it('is not considered deleted if nft fails', async () => {
    const answers = [new Error('It hangs.'), null, null];
    const nftTable = createNftTable(async () => {
      const answer = answers.shift();
      if (answer) throw answer;
      return '';
    });
    const leftOver = leftoverLimits(nftTable);
    expect(await leftOver(signal)).toBeNull();
    expect((await leftOver(signal))?.en).toMatch(/Limits of an earlier run/);
  });

  it('runs calls one at a time', async () => {
    let running = 0;
    const { run } = fakeNft();
    const nftTable = createNftTable(async (...args) => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return run(...args);
    });
    const both = [nftTable.cleanup(signal), nftTable.apply(NOTHING, signal)];
    await Promise.all([...both, nftTable.cleanup(signal)]);
  });
});
