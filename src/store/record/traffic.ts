import { addBytes } from '../../domain/bytes.ts';
import type { Changes } from '../../domain/tracking/changes.ts';
import { BUCKET_MS } from '../../domain/tracking/constants.ts';
import { spread, stepFor } from '../../domain/tracking/spread.ts';
import type { DirectTransaction } from '../database/connection.ts';
import { type Cell, saturatingAdd } from '../database/sql.ts';

/** Rows are collected and written in slices, so that a long gap of many users does not fill the memory. */
const SLICE_ROWS = 2_000;

/**
 * Gaps are spread over at most as many rows as can be written in 3 s, however long the gaps are and however
 * many users there are.
 */
const MAX_GAP_ROWS = 200_000;

const UPSERT = (table: string) => `
  DO UPDATE SET
    "rx" = ${saturatingAdd(`"${table}"."rx"`, 'excluded."rx"')},
    "tx" = ${saturatingAdd(`"${table}"."tx"`, 'excluded."tx"')},
    "estimated" = "${table}"."estimated" OR excluded."estimated"`;

/** Books bytes to quarter hours: each owner's, and the sum of all, including those without an owner. */
export async function recordTraffic(
  tx: DirectTransaction,
  { traffic, atMs }: Pick<Changes, 'traffic' | 'atMs'>,
  ownerId: (publicKey: string) => number | null,
): Promise<void> {
  const totals = new Map<number, { rx: bigint; tx: bigint; estimated: boolean }>();
  let rows: Cell[][] = [];
  const stepMs = stepFor(
    traffic.map(({ gapMs }) => gapMs),
    MAX_GAP_ROWS,
  );
  const flush = async () => {
    await tx.each(
      `INSERT INTO "Traffic" ("userId", "bucket", "start", "end", "rx", "tx", "estimated")
       VALUES (?, 'QUARTER_HOUR', ?, ?, ?, ?, ?)
       ON CONFLICT ("userId", "start", "end") ${UPSERT('Traffic')}`,
      rows,
      (row) => row,
    );
    rows = [];
  };
  for (const { publicKey, rxBytes, txBytes, gapMs } of traffic) {
    const id = ownerId(publicKey);
    for (const share of spread(rxBytes, txBytes, atMs, gapMs, stepMs)) {
      if (id !== null) {
        const { startMs, rxBytes, txBytes, estimated } = share;
        rows.push([id, startMs, startMs + BUCKET_MS, rxBytes, txBytes, estimated]);
        if (rows.length >= SLICE_ROWS) await flush();
      }
      const total = totals.get(share.startMs);
      totals.set(share.startMs, {
        rx: addBytes(total?.rx ?? 0n, share.rxBytes),
        tx: addBytes(total?.tx ?? 0n, share.txBytes),
        estimated: share.estimated || (total?.estimated ?? false),
      });
    }
  }
  await flush();
  await tx.each(
    `INSERT INTO "TrafficTotal" ("bucket", "start", "end", "rx", "tx", "estimated")
     VALUES ('QUARTER_HOUR', ?, ?, ?, ?, ?)
     ON CONFLICT ("start", "end") ${UPSERT('TrafficTotal')}`,
    totals,
    ([start, { rx, tx: sent, estimated }]) => [start, start + BUCKET_MS, rx, sent, estimated],
  );
}
