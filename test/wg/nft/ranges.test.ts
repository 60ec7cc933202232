import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, knownRange } from '../../../src/wg/nft/ranges.ts';

describe('an address', () => {
  it.each([
    ['0.0.0.0', 0n],
    ['255.255.255.255', 2n ** 32n - 1n],
    ['10.0.0.7', 0x0a000007n],
    ['::', 0n],
    ['::1', 1n],
    ['fd00::', 0xfdn << 120n],
    ['::ffff:10.0.0.7', 0xffff0a000007n],
    ['1:2:3:4:5:6:7:8', 0x00010002000300040005000600070008n],
    ['1:2:3:4:5:6:7::', 0x00010002000300040005000600070000n],
    ['2001:db8::10.0.0.7', (0x20010db8n << 96n) + 0x0a000007n],
  ])('%s is parsed', (text, value) => {
    expect(knownRange(text).first).toBe(value);
  });

  it('is the same after formatting and parsing', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), (value) => {
        expect(knownRange(formatAddress(6, value)).first).toBe(value);
        const short = value % 2n ** 32n;
        expect(knownRange(formatAddress(4, short)).first).toBe(short);
      }),
    );
  });
});
