import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, disjoint } from '../../../src/wg/nft/disjoint.ts';
import { formatRange, knownRange } from '../../../src/wg/nft/ranges.ts';

/** Disjoint ranges as `user: addresses`. */
const cut = (...claims: [number, string][]) =>
  disjoint(claims.map(([userId, prefix]) => ({ userId, prefix }))).map(
    (range) => `${range.userId}: ${formatRange(range)}`,
  );

describe('dividing allowed IPs', () => {
  it.each<[string, [number, string][], string[]]>([
    ['keeps a single prefix', [[1, '10.0.0.0/24']], ['1: 10.0.0.0-10.0.0.255']],
    [
      'excludes the longer prefix of another user',
      [
        [1, '10.0.0.0/24'],
        [2, '10.0.0.7/32'],
      ],
      ['1: 10.0.0.0-10.0.0.6', '2: 10.0.0.7', '1: 10.0.0.8-10.0.0.255'],
    ],
    [
      'divides three nested prefixes, of which the first and last have the same user',
      [
        [1, '10.0.0.12/32'],
        [2, '10.0.0.8/29'],
        [1, '10.0.0.0/28'],
      ],
      ['1: 10.0.0.0-10.0.0.7', '2: 10.0.0.8-10.0.0.11', '1: 10.0.0.12', '2: 10.0.0.13-10.0.0.15'],
    ],
    [
      'joins nested and adjacent prefixes of one user',
      [
        [1, '10.0.0.0/25'],
        [1, '10.0.0.3/32'],
        [1, '10.0.0.128/25'],
      ],
      ['1: 10.0.0.0-10.0.0.255'],
    ],
    [
      'omits a prefix that longer ones cover completely',
      [
        [1, '10.0.0.0/31'],
        [2, '10.0.0.0/32'],
        [3, '10.0.0.1/32'],
      ],
      ['2: 10.0.0.0', '3: 10.0.0.1'],
    ],
    [
      'assigns a prefix of two users to the last one',
      [
        [1, '10.0.0.1/32'],
        [2, '10.0.0.1/32'],
      ],
      ['2: 10.0.0.1'],
    ],
    [
      'separates the two families',
      [
        [1, '::/0'],
        [1, '0.0.0.0/0'],
        [2, '255.255.255.255/32'],
      ],
      [
        '1: 0.0.0.0-255.255.255.254',
        '2: 255.255.255.255',
        '1: 0000:0000:0000:0000:0000:0000:0000:0000-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      ],
    ],
    ['returns nothing without prefixes', [], []],
  ])('%s', (_, claims, ranges) => {
    expect(cut(...claims)).toEqual(ranges);
  });

  const prefix = fc.oneof(
    fc
      .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 24, max: 32 }))
      .map(([host, length]) => `10.0.0.${host * 4}/${length}`),
    fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 32 }))
      .map(([host, length]) => `10.0.0.${host}/${length}`),
    fc
      .tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 128 }))
      .map(([host, length]) => `fd08::${host.toString(16)}/${length}`),
  );
  const claims = fc.array(fc.record({ userId: fc.integer({ min: 1, max: 5 }), prefix }), {
    maxLength: 30,
  });

  it('returns disjoint ranges in order, without adjacent ranges of the same user', () => {
    fc.assert(
      fc.property(claims, (some) => {
        const ranges = disjoint(some);
        for (const [index, range] of ranges.entries()) {
          expect(range.first <= range.last).toBe(true);
          const before = ranges[index - 1];
          if (before === undefined || before.family !== range.family) continue;
          expect(before.last < range.first).toBe(true);
          const touches = before.last + 1n === range.first;
          expect(touches && before.userId === range.userId).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('assigns every address to the user with the longest prefix', () => {
    const address = fc.oneof(
      fc.integer({ min: 0, max: 255 }).map((host) => `10.0.0.${host}`),
      fc.integer({ min: 0, max: 0xffff }).map((host) => `fd08::${host.toString(16)}`),
      fc.constantFrom('0.0.0.0', '255.255.255.255', '::', `${'ffff:'.repeat(7)}ffff`),
    );
    fc.assert(
      fc.property(claims, fc.array(address, { minLength: 20 }), (some, addresses) => {
        const ranges = disjoint(some);
        for (const one of addresses) {
          const value = knownRange(one).first;
          const family = one.includes(':') ? 6 : 4;
          const owners = ranges.filter(
            (range) => range.family === family && range.first <= value && value <= range.last,
          );
          expect(owners.map(({ userId }) => userId)).toEqual(longestMatch(some, one));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** The reference: bit by bit, as the definition says. */
function longestMatch(claims: readonly Claim[], address: string): number[] {
  const wanted = bits(address);
  let found: { userId: number; length: number } | undefined;
  for (const { userId, prefix } of claims) {
    const [base = '', length = ''] = prefix.split('/');
    const start = bits(base).slice(0, Number(length));
    const sameFamily = bits(base).length === wanted.length;
    if (!sameFamily || !wanted.startsWith(start)) continue;
    if (found === undefined || Number(length) >= found.length) {
      found = { userId, length: Number(length) };
    }
  }
  return found === undefined ? [] : [found.userId];
}

function bits(address: string): string {
  return knownRange(address)
    .first.toString(2)
    .padStart(address.includes(':') ? 128 : 32, '0');
}
