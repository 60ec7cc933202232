import { BUCKET_MS } from './window.ts';

export interface BucketShare {
  readonly startMs: number;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly estimated: boolean;
}

/**
 * The quarter hours that a delta belongs to: the present one, or, after a gap longer than a quarter
 * hour, all that the gap touches, each with its even share of the bytes. The shares add up exactly.
 */
export function spread(
  rxBytes: bigint,
  txBytes: bigint,
  nowWallMs: number,
  gapMs: number,
): BucketShare[] {
  if (gapMs <= BUCKET_MS) {
    return [{ startMs: bucketStart(nowWallMs), rxBytes, txBytes, estimated: false }];
  }
  const fromMs = Math.floor(nowWallMs - gapMs);
  const lengthMs = BigInt(Math.floor(nowWallMs) - fromMs);
  const shares: BucketShare[] = [];
  let rxBefore = 0n;
  let txBefore = 0n;
  for (let startMs = bucketStart(fromMs); startMs < nowWallMs; startMs += BUCKET_MS) {
    const coveredMs = BigInt(Math.min(startMs + BUCKET_MS, Math.floor(nowWallMs)) - fromMs);
    const rxUntil = (rxBytes * coveredMs) / lengthMs;
    const txUntil = (txBytes * coveredMs) / lengthMs;
    if (rxUntil > rxBefore || txUntil > txBefore) {
      shares.push({
        startMs,
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
