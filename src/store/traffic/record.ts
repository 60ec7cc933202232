import { addBytes } from '../../domain/bytes.ts';
import type { Changes } from '../../domain/tracking/changes.ts';
import { BUCKET_MS } from '../../domain/tracking/constants.ts';
import { type BucketShare, spread, stepFor } from '../../domain/tracking/spread.ts';
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

/** The bytes of users in the current quarter hour, by id. They stay with the user until it has ended. */
export interface OpenBytes {
  readonly quarter: number;
  readonly byUser: ReadonlyMap<number, { readonly rx: bigint; readonly tx: bigint }>;
}

/** Returns the bytes that a poll found without a gap. */
export function openBytes(poll: Poll, ownerId: OwnerId): OpenBytes {
  const byUser = new Map<number, { rx: bigint; tx: bigint }>();
  for (const { publicKey, rxBytes, txBytes, gapMs } of poll.traffic) {
    const id = gapMs > BUCKET_MS ? null : ownerId(publicKey);
    if (id === null) continue;
    const known = byUser.get(id);
    byUser.set(id, {
      rx: addBytes(known?.rx ?? 0n, rxBytes),
      tx: addBytes(known?.tx ?? 0n, txBytes),
    });
  }
  return { quarter: quarterOf(poll.atMs), byUser };
}

/** Books the bytes that flowed during gaps, and the sum of all users, including bytes without an owner. */
export async function recordTraffic(
  tx: DirectTransaction,
  zone: Zone,
  { traffic, atMs }: Poll,
  ownerId: OwnerId,
): Promise<void> {
  const totals = new Map<number, SpanBytes>();
  let late: SpanBytes[] = [];
  const stepMs = stepFor(
    traffic.map(({ gapMs }) => gapMs),
    MAX_GAP_ROWS,
  );
  for (const { publicKey, rxBytes, txBytes, gapMs } of traffic) {
    const id = gapMs > BUCKET_MS ? ownerId(publicKey) : null;
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
    [...totals.values()].sort((a, b) => a.start - b.start),
  );
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
