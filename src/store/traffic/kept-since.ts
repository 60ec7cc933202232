import type { RawTransaction } from '../database/connection.ts';
import { writeMeta } from '../meta.ts';

/**
 * From which quarter hour on the finer levels contain all bytes. What was recorded before is in the coarser levels
 * only. Days are kept forever.
 */
export interface KeptSince {
  readonly quarters: number;
  readonly hours: number;
}

const QUARTERS = 'trafficQuartersSince';
const HOURS = 'trafficHoursSince';

export const KEPT_SINCE_SQL = `
  SELECT COALESCE((SELECT "value" FROM "Meta" WHERE "key" = '${QUARTERS}'), '0') AS "quarters",
         COALESCE((SELECT "value" FROM "Meta" WHERE "key" = '${HOURS}'), '0') AS "hours"`;

export async function keptSince(tx: RawTransaction): Promise<KeptSince> {
  const [row] = await tx.$queryRawUnsafe<[{ quarters: string; hours: string }]>(KEPT_SINCE_SQL);
  return { quarters: Number(row.quarters), hours: Number(row.hours) };
}

export async function writeKeptSince(
  tx: RawTransaction,
  { quarters, hours }: KeptSince,
): Promise<void> {
  await writeMeta(tx, QUARTERS, String(quarters));
  await writeMeta(tx, HOURS, String(hours));
}
