import { BUCKET_MS } from './constants.ts';

export interface BucketShare {
  readonly startMs: number;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly estimated: boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The step in which gaps are spread, so that all gaps together result in at most `maxShares` shares: a quarter
 * hour if possible, otherwise an hour, otherwise the smallest sufficient number of days.
 */
export function stepFor(gapsMs: readonly number[], maxShares: number): number {
  const longMs = gapsMs.filter((gapMs) => gapMs > BUCKET_MS);
  const sharesIn = (stepMs: number) =>
    longMs.reduce((sum, gapMs) => sum + Math.ceil(gapMs / stepMs) + 1, 0);
  for (const stepMs of [BUCKET_MS, HOUR_MS]) if (sharesIn(stepMs) <= maxShares) return stepMs;
  // A gap can touch up to two steps more than its length, because it starts and ends within a step.
  const room = Math.max(1, maxShares - 2 * longMs.length);
  const totalMs = longMs.reduce((sum, gapMs) => sum + gapMs, 0);
  return DAY_MS * Math.max(1, Math.ceil(totalMs / DAY_MS / room));
}

/**
 * Assigns a delta to quarter hours: to the current one, or, after a gap longer than a quarter hour, in
 * proportion to time to all steps that the gap touches. The shares add up exactly. The share of a step longer
 * than a quarter hour is assigned to its middle, which is on the right day in most time zones.
 */
export function spread(
  rxBytes: bigint,
  txBytes: bigint,
  nowWallMs: number,
  gapMs: number,
  stepMs: number = BUCKET_MS,
): BucketShare[] {
  if (gapMs <= BUCKET_MS) {
    return [{ startMs: bucketStart(nowWallMs), rxBytes, txBytes, estimated: false }];
  }
  const untilMs = Math.floor(nowWallMs);
  const fromMs = Math.floor(nowWallMs - gapMs);
  const lengthMs = BigInt(untilMs - fromMs);
  const shares: BucketShare[] = [];
  let rxBefore = 0n;
  let txBefore = 0n;
  for (let start = Math.floor(fromMs / stepMs) * stepMs; start < nowWallMs; start += stepMs) {
    const endMs = Math.min(start + stepMs, untilMs);
    const coveredMs = BigInt(endMs - fromMs);
    const rxUntil = (rxBytes * coveredMs) / lengthMs;
    const txUntil = (txBytes * coveredMs) / lengthMs;
    if (rxUntil > rxBefore || txUntil > txBefore) {
      shares.push({
        startMs: bucketStart((Math.max(start, fromMs) + endMs) / 2),
        rxBytes: rxUntil - rxBefore,
        txBytes: txUntil - txBefore,
        estimated: true,
      });
    }
    rxBefore = rxUntil;
    txBefore = txUntil;
  }
  return shares;
}

export function bucketStart(wallMs: number): number {
  return Math.floor(wallMs / BUCKET_MS) * BUCKET_MS;
}
