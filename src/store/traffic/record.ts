import { addBytes } from '../../domain/bytes.ts';
import type { Changes, TrafficBooking } from '../../domain/tracking/changes.ts';
import { BUCKET_MS } from '../../domain/tracking/constants.ts';
import { type BucketShare, bucketStart, spread, stepFor } from '../../domain/tracking/spread.ts';
import type { DirectTransaction } from '../database/connection.ts';
import { book, type SpanBytes } from './book.ts';
import { ALL_USERS, quarterOf, type Zone } from './levels.ts';

/** Bookings are collected and written in slices, so that a long gap of many users does not fill the memory. */
const SLICE_ROWS = 2_000;

/**
 * Gaps are spread over at most as many quarter hours as can be written in 3 s, however long the gaps are and
 * however many users there are.
 */
const MAX_GAP_ROWS = 200_000;

type Poll = Pick<Changes, 'traffic' | 'atMs'>;
type OwnerId = (publicKey: string) => number | null;

/** Books the bytes that flowed during gaps, and the sum of all users, including bytes without an owner. */
export async function recordTraffic(
  tx: DirectTransaction,
  zone: Zone,
  { traffic, atMs }: Poll,
  ownerId: OwnerId,
): Promise<void> {
  const totals = new Map<number, SpanBytes>();
  let late: SpanBytes[] = [];
  const gaps = traffic.filter(isAfterGap);
  const stepMs = stepFor(
    gaps.map(({ gapMs }) => gapMs),
    MAX_GAP_ROWS,
  );
  addToTotal(totals, currentShare(traffic, atMs));
  for (const { publicKey, rxBytes, txBytes, gapMs } of gaps) {
    const id = ownerId(publicKey);
    for (const share of spread(rxBytes, txBytes, atMs, gapMs, stepMs)) {
      addToTotal(totals, share);
      if (id === null) continue;
      late.push(bytesOf(id, share));
      if (late.length < SLICE_ROWS) continue;
      await book(tx, zone, late);
      late = [];
    }
  }
  await book(tx, zone, late);
  await book(
    tx,
    zone,
    [...totals.values()]
      .filter(({ rx, tx }) => rx > 0n || tx > 0n)
      .sort((a, b) => a.start - b.start),
  );
}

function isAfterGap({ gapMs }: TrafficBooking): boolean {
  return gapMs > BUCKET_MS;
}

/** The bytes of all users that flowed without a gap. */
function currentShare(traffic: readonly TrafficBooking[], atMs: number): BucketShare {
  let [rxBytes, txBytes] = [0n, 0n];
  for (const booking of traffic) {
    if (isAfterGap(booking)) continue;
    rxBytes = addBytes(rxBytes, booking.rxBytes);
    txBytes = addBytes(txBytes, booking.txBytes);
  }
  return { startMs: bucketStart(atMs), rxBytes, txBytes, estimated: false };
}

function bytesOf(userId: number, share: BucketShare): SpanBytes {
  const { startMs, rxBytes: rx, txBytes: tx, estimated } = share;
  const start = quarterOf(startMs);
  return { userId, start, end: start + 1, rx, tx, estimated };
}

function addToTotal(totals: Map<number, SpanBytes>, share: BucketShare): void {
  const more = bytesOf(ALL_USERS, share);
  const total = totals.get(more.start);
  totals.set(more.start, {
    ...more,
    rx: addBytes(total?.rx ?? 0n, more.rx),
    tx: addBytes(total?.tx ?? 0n, more.tx),
    estimated: more.estimated || (total?.estimated ?? false),
  });
}
