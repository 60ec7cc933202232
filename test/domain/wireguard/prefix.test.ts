import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressText,
  canonicalPrefix,
  hostBitsProblem,
  parseRange,
} from '../../../src/domain/wireguard/prefix.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const LAST_ADDRESS = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n } as const;

describe('an address', () => {
  it.each([
    ['::1.2.3.4', 0x1020304n],
    ['::128.0.0.0', 0x80000000n],
    ['::ffff:1.2.3.4', 0xffff01020304n],
    ['64:ff9b::1.2.3.4', 0x64ff9b0000000000000000_01020304n],
    ['::1', 1n],
  ])('%s is parsed to the same number as by the system', (text, value) => {
    expect(parseRange(text)).toEqual({ family: 6, first: value, last: value });
  });

  it('is the same after formatting and parsing', () => {
    const address = fc
      .constantFrom(4 as const, 6 as const)
      .chain((family) =>
        fc
          .oneof(fc.bigInt(0n, LAST_ADDRESS[family]), fc.bigInt(0n, 2n ** 32n - 1n))
          .map((value) => ({ family, value })),
      );
    fc.assert(
      fc.property(address, ({ family, value }) => {
        expect(parseRange(addressText(family, value))).toEqual({
          family,
          first: value,
          last: value,
        });
      }),
    );
  });
});

describe('a prefix', () => {
  it('that is invalid, too long, or a substring of a longer text keeps no text in memory', () => {
    const sizes = () => {
      collectGarbage();
      return getHeapStatistics().used_heap_size;
    };
    const before = sizes();
    for (let n = 0; n < 50; n++) {
      expect(parseRange(`${n}${'x'.repeat(1_000_000)}`)).toBeNull();
      expect(parseRange(`${' '.repeat(1_000_000)}10.0.0.${n}`)).not.toBeNull();
      const [part = ''] = `192.0.2.${100 + n}/32,${'x'.repeat(1_000_000)}`.split(',');
      expect(parseRange(part)).not.toBeNull();
    }
    expect(sizes() - before).toBeLessThan(20_000_000);
  });

  it.each([
    ['::80.0.0.0/101', '::80.0.0.0/101'],
    ['::5000:7/101', '::80.0.0.0/101'],
    ['::ffff:10.0.0.1/120', '::ffff:10.0.0.0/120'],
    ['10.1.2.3/8', '10.0.0.0/8'],
  ])('%s has the canonical form %s', (given, kept) => {
    expect(canonicalPrefix(given)).toBe(kept);
  });
});

describe('a prefix with host bits', () => {
  it.each([
    ['10.77.0.50/24', '10.77.0.50/32', '10.77.0.0/24'],
    ['10.0.0.1/0', '10.0.0.1/32', '0.0.0.0/0'],
    ['fd00:0::5/64', 'fd00::5/128', 'fd00::/64'],
    [' 10.0.0.3/31 ', '10.0.0.3/32', '10.0.0.2/31'],
    ['::ffff:10.0.0.1/120', '::ffff:10.0.0.1/128', '::ffff:10.0.0.0/120'],
  ])('%s is rejected with the corrections %s or %s', (given, address, network) => {
    const problem = hostBitsProblem(given);
    for (const text of [problem?.en, problem?.zh]) {
      expect(text).toContain(address);
      expect(text).toContain(network);
    }
  });

  it.each([
    '10.0.0.1',
    '10.0.0.1/32',
    '10.0.0.0/24',
    '0.0.0.0/0',
    '::/0',
    'fd00::/64',
    'x',
    'x/24',
    '10.0.0.1/33',
    '',
  ])('is not found in: %s', (given) => expect(hostBitsProblem(given)).toBeNull());
});
