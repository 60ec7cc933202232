import { startOfDay, startOfMonth } from '../text/times.ts';

/** What a forecast is made of, as the API gives it. */
export interface QuotaUse {
  readonly used: string;
  readonly left: string | null;
  readonly period: 'NONE' | 'DAY' | 'WEEK' | 'MONTH';
  /** null if the quota has no period. */
  readonly resetsAt: string | null;
}

/** `empty`: used up at this time if it goes on like this. `lasts`: enough until it is reset. `unknown`: too early. */
export type Forecast =
  | { readonly kind: 'empty'; readonly at: number }
  | { readonly kind: 'lasts' }
  | { readonly kind: 'unknown' };

const DAY_MS = 86_400_000;

/** Nobody plans further, and the rate will be another one by then. */
const MAX_AHEAD_MS = 365 * DAY_MS;

/** A shorter time says little about the rest of the period. */
const MIN_ELAPSED_MS = 3_600_000;

/**
 * When a quota is used up at the average rate of its period so far. For a quota without a period, `monthBytes` since the
 * start of the month, which was `monthMs` ago, give the rate.
 */
export function forecastOf(
  { used, left, period, resetsAt }: QuotaUse,
  nowMs: number,
  month: { readonly bytes: number; readonly elapsedMs: number },
): Forecast {
  if (left === null || Number(left) === 0) return { kind: 'unknown' };
  const resetMs = resetsAt === null ? null : new Date(resetsAt).getTime();
  const elapsedMs = resetMs === null ? month.elapsedMs : nowMs - startOf(period, resetMs);
  const bytes = resetMs === null ? month.bytes : Number(used);
  if (elapsedMs < MIN_ELAPSED_MS) return { kind: 'unknown' };
  if (bytes === 0) return { kind: 'lasts' };
  const at = nowMs + (Number(left) * elapsedMs) / bytes;
  if (resetMs === null && at - nowMs > MAX_AHEAD_MS) return { kind: 'unknown' };
  return resetMs !== null && at >= resetMs ? { kind: 'lasts' } : { kind: 'empty', at };
}

/** The start of the period that ends then, by the calendar of the server. */
function startOf(period: QuotaUse['period'], resetMs: number): number {
  if (period === 'DAY') return startOfDay(resetMs - DAY_MS / 2);
  if (period === 'WEEK') return startOfDay(resetMs - 6.5 * DAY_MS);
  return startOfMonth(resetMs - DAY_MS / 2);
}
