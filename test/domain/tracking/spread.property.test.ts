import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBytes, MAX_BYTES } from '../../../src/domain/bytes.ts';
import { BUCKET_MS } from '../../../src/domain/tracking/constants.ts';
import { bucketStart, spread, stepFor } from '../../../src/domain/tracking/spread.ts';

const DAY_MS = 86_400_000;

const count = fc.bigInt(0n, MAX_BYTES);
const now = fc.oneof(
  fc.integer({ min: Date.UTC(2020), max: Date.UTC(2040) }),
  fc.integer({ min: 1_800_000, max: 2_200_000 }).map((bucket) => bucket * BUCKET_MS),
);
const gap = fc.oneof(
  fc.integer({ min: 0, max: 3 * BUCKET_MS }),
  fc.integer({ min: 0, max: 40 * 86_400_000 }),
  fc.double({ min: 0, max: 10 * BUCKET_MS, noNaN: true }),
  fc.constantFrom(BUCKET_MS, BUCKET_MS + 1, 2 * BUCKET_MS),
);

const step = fc.constantFrom(BUCKET_MS, 3_600_000, DAY_MS, 3 * DAY_MS);

describe('spreading bytes over a gap', () => {
  it('adds up exactly, within the gap, in order, and never below zero', () => {
    fc.assert(
      fc.property(count, count, now, gap, step, (rx, tx, nowMs, gapMs, stepMs) => {
        const shares = spread(rx, tx, nowMs, gapMs, stepMs);
        let rxSum = 0n;
        let txSum = 0n;
        let lastMs = Number.NEGATIVE_INFINITY;
        for (const { startMs, rxBytes, txBytes } of shares) {
          const isWithinGap = startMs >= bucketStart(nowMs - gapMs) && startMs <= nowMs;
          const isBucket = startMs % BUCKET_MS === 0 && startMs > lastMs;
          if (!isWithinGap || !isBucket || rxBytes < 0n || txBytes < 0n) {
            throw new Error(`A share of ${rxBytes} and ${txBytes} bytes at ${startMs}.`);
          }
          rxSum += rxBytes;
          txSum += txBytes;
          lastMs = startMs;
        }
        expect([rxSum, txSum]).toEqual([rx, tx]);
      }),
      { numRuns: 300 },
    );
  });

  it('makes no more shares than allowed, whatever the length and number of gaps', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 4000 * DAY_MS }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, now, (gapsMs, nowMs) => {
        const stepMs = stepFor(gapsMs, 2_000);
        const shares = gapsMs
          .filter((gapMs) => gapMs > BUCKET_MS)
          .flatMap((gapMs) => spread(10n ** 15n, 0n, nowMs, gapMs, stepMs));
        expect(shares.length).toBeLessThanOrEqual(2_000);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['quarter hours', 10, DAY_MS, BUCKET_MS],
    ['hours', 1_000, 7 * DAY_MS, 3_600_000],
    ['days', 1_000, 100 * DAY_MS, DAY_MS],
    ['several days', 1_000, 1_000 * DAY_MS, 6 * DAY_MS],
  ])('uses steps of %s', (_, users, gapMs, stepMs) => {
    const gapsMs = Array.from({ length: users }, () => gapMs);
    expect(stepFor(gapsMs, 200_000)).toBe(stepMs);
  });

  it('books the share of a long step in its middle', () => {
    const nowMs = Date.UTC(2026, 0, 15, 12);
    const shares = spread(30n, 0n, nowMs, 2 * DAY_MS, DAY_MS);
    expect(shares.map(({ startMs }) => new Date(startMs).toISOString())).toEqual([
      '2026-01-13T18:00:00.000Z',
      '2026-01-14T12:00:00.000Z',
      '2026-01-15T06:00:00.000Z',
    ]);
  });

  it('books a short gap in the current quarter hour, not estimated', () => {
    const nowMs = Date.UTC(2026, 0, 15, 12, 20);
    expect(spread(5n, 7n, nowMs, BUCKET_MS)).toEqual([
      { startMs: Date.UTC(2026, 0, 15, 12, 15), rxBytes: 5n, txBytes: 7n, estimated: false },
    ]);
  });

  it('spreads a long gap evenly by time, estimated', () => {
    const nowMs = Date.UTC(2026, 0, 15, 12, 20);
    const shares = spread(600n, 60n, nowMs, 60 * 60_000);
    expect(shares.map(({ startMs }) => new Date(startMs).toISOString().slice(11, 16))).toEqual([
      '11:15',
      '11:30',
      '11:45',
      '12:00',
      '12:15',
    ]);
    expect(shares.map(({ rxBytes }) => rxBytes)).toEqual([100n, 150n, 150n, 150n, 50n]);
    expect(shares.map(({ txBytes }) => txBytes)).toEqual([10n, 15n, 15n, 15n, 5n]);
    expect(shares.every(({ estimated }) => estimated)).toBe(true);
  });
});

describe('adding bytes', () => {
  it('is exact up to the largest count that can be stored, and stops there', () => {
    fc.assert(
      fc.property(count, count, (a, b) => {
        const isTooMuch = a + b > MAX_BYTES;
        expect(addBytes(a, b)).toBe(isTooMuch ? MAX_BYTES : a + b);
      }),
      { numRuns: 200 },
    );
    expect(addBytes(MAX_BYTES, 0n)).toBe(MAX_BYTES);
    expect(addBytes(MAX_BYTES - 1n, 1n)).toBe(MAX_BYTES);
    expect(addBytes(MAX_BYTES, MAX_BYTES)).toBe(MAX_BYTES);
  });
});
