import { addBytes } from '../../domain/bytes.ts';
import type { Changes } from '../../domain/tracking/changes.ts';
import { BUCKET_MS } from '../../domain/tracking/constants.ts';
import { spread, stepFor } from '../../domain/tracking/spread.ts';
import type { RawTransaction } from '../database/connection.ts';
import { type Cell, runBulk, saturatingAdd } from '../database/sql.ts';

/** Rows are written in slices, between which the event loop runs: 2 000 rows take about 30 ms. */
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
  tx: RawTransaction,
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
    await runBulk(
      tx,
      `INSERT INTO "Traffic" ("userId", "bucket", "start", "end", "rx", "tx", "estimated")
       SELECT value->>0, 'QUARTER_HOUR', value->>1, value->>1 + ${BUCKET_MS},
              CAST(value->>2 AS INTEGER), CAST(value->>3 AS INTEGER), value->>4
       FROM json_each(?) WHERE true
       ON CONFLICT ("userId", "start", "end") ${UPSERT('Traffic')}`,
      rows,
    );
    rows = [];
  };
  for (const { publicKey, rxBytes, txBytes, gapMs } of traffic) {
    const id = ownerId(publicKey);
    for (const share of spread(rxBytes, txBytes, atMs, gapMs, stepMs)) {
      if (id !== null) {
        rows.push([id, share.startMs, share.rxBytes, share.txBytes, share.estimated]);
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
  await runBulk(
    tx,
    `INSERT INTO "TrafficTotal" ("bucket", "start", "end", "rx", "tx", "estimated")
     SELECT 'QUARTER_HOUR', value->>0, value->>0 + ${BUCKET_MS},
            CAST(value->>1 AS INTEGER), CAST(value->>2 AS INTEGER), value->>3
     FROM json_each(?) WHERE true
     ON CONFLICT ("start", "end") ${UPSERT('TrafficTotal')}`,
    [...totals].map(([start, total]) => [start, total.rx, total.tx, total.estimated]),
  );
}
