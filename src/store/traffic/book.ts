import { addBytes } from '../../domain/bytes.ts';
import type { DirectTransaction } from '../database/connection.ts';
import { saturatingAdd } from '../database/sql.ts';
import { keptSince } from './kept-since.ts';
import { type Level, QUARTERS_AN_HOUR, type Span, type Zone } from './levels.ts';

/** Bytes of a user, or of all users, in a span of time. */
export interface SpanBytes extends Span {
  readonly userId: number;
  readonly rx: bigint;
  readonly tx: bigint;
  readonly estimated: boolean;
}

const onConflict = (level: Level) => `
  DO UPDATE SET
    "rx" = ${saturatingAdd(`"${level}"."rx"`, 'excluded."rx"')},
    "tx" = ${saturatingAdd(`"${level}"."tx"`, 'excluded."tx"')},
    "estimated" = "${level}"."estimated" OR excluded."estimated"`;

/**
 * Adds bytes to the rows of all levels that contain them. Those of one user should be in the order of time: bytes of
 * the same hour or day are then written together.
 */
export async function book(
  tx: DirectTransaction,
  zone: Zone,
  all: readonly SpanBytes[],
): Promise<void> {
  if (all.length === 0) return;
  const since = await keptSince(tx);
  const quarters = all.filter(({ start, end }) => end - start === 1 && start >= since.quarters);
  const hours = all.filter(
    ({ start, end }) => end - start <= QUARTERS_AN_HOUR && start >= since.hours,
  );
  await addToLevel(tx, 'TrafficQuarter', quarters);
  await addToLevel(tx, 'TrafficHour', joined(hours, zone.hourOf));
  await addToLevel(tx, 'TrafficDay', joined(all, zone.dayOf));
}

/** Adds up what is in the same span. What fits into no span, because it was recorded in another zone, stays alone. */
export function joined(
  all: readonly SpanBytes[],
  spanOf: (quarter: number) => Span,
): readonly SpanBytes[] {
  const rows: SpanBytes[] = [];
  for (const bytes of all) {
    const around = spanOf(bytes.start);
    const { start, end } = bytes.end <= around.end ? around : bytes;
    const last = rows.at(-1);
    if (last?.userId === bytes.userId && last.start === start && last.end === end) {
      rows[rows.length - 1] = {
        ...last,
        rx: addBytes(last.rx, bytes.rx),
        tx: addBytes(last.tx, bytes.tx),
        estimated: last.estimated || bytes.estimated,
      };
    } else rows.push({ ...bytes, start, end });
  }
  return rows;
}

/** Adds bytes to rows of one level. */
export function addToLevel(
  tx: DirectTransaction,
  level: Level,
  rows: readonly SpanBytes[],
): Promise<void> {
  if (level === 'TrafficDay') {
    return tx.each(
      `INSERT INTO "TrafficDay" ("userId", "start", "end", "rx", "tx", "estimated")
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT ("userId", "start", "end") ${onConflict(level)}`,
      rows,
      (row) => [row.userId, row.start, row.end, row.rx, row.tx, row.estimated],
    );
  }
  return tx.each(
    `INSERT INTO "${level}" ("userId", "start", "rx", "tx", "estimated")
     VALUES (?, ?, ?, ?, ?) ON CONFLICT ("userId", "start") ${onConflict(level)}`,
    rows,
    (row) => [row.userId, row.start, row.rx, row.tx, row.estimated],
  );
}
