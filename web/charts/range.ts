import { startOfDay } from '../text/times.ts';
import type { BarLength } from './traffic-bars.tsx';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back a chart reaches, in days; `all`: to the beginning of the record. */
export const SPANS = ['1', '7', '30', '365', 'all'] as const;
export type Span = (typeof SPANS)[number];

export interface Range {
  /** Milliseconds since 1970; null: the beginning of the record. */
  readonly fromMs: number | null;
  /** Milliseconds since 1970; null: now. */
  readonly toMs: number | null;
  readonly bucket: BarLength;
}

const BUCKETS: readonly (readonly [maxDays: number, BarLength])[] = [
  [2, 'QUARTER_HOUR'],
  [8, 'HOUR'],
  [400, 'DAY'],
];

/** The finest bucket with which a range has not more bars than can be told apart. */
export function bucketFor(milliseconds: number): BarLength {
  const days = milliseconds / DAY_MS;
  return BUCKETS.find(([maxDays]) => days <= maxDays)?.[1] ?? 'MONTH';
}

/** The next longer bucket: old traffic is stored only in longer ones. */
export function coarser(bucket: BarLength): BarLength | null {
  const order: readonly BarLength[] = ['QUARTER_HOUR', 'HOUR', 'DAY', 'MONTH'];
  return order[order.indexOf(bucket) + 1] ?? null;
}

export function rangeOf(span: Span, zoom: string, nowMs: number): Range {
  const zoomed = zoomOf(zoom, nowMs);
  if (zoomed !== null) return { ...zoomed, bucket: bucketFor(zoomed.toMs - zoomed.fromMs) };
  if (span === 'all') return { fromMs: null, toMs: null, bucket: 'MONTH' };
  const days = Number(span);
  // Rounded, so that reading a range again asks for the same. The days of a span include today.
  const fromMs =
    days === 1 ? nowMs - (nowMs % HOUR_MS) - DAY_MS : startOfDay(nowMs - (days - 1) * DAY_MS);
  return { fromMs, toMs: null, bucket: bucketFor(days * DAY_MS) };
}

/** A zoom as it is in the address; null if it is not one, or of times that cannot be. */
function zoomOf(zoom: string, nowMs: number): { fromMs: number; toMs: number } | null {
  const [, from, to] = /^(\d{1,13})-(\d{1,13})$/.exec(zoom) ?? [];
  const [fromMs, toMs] = [Number(from), Number(to)];
  const isRange = fromMs > 0 && toMs - fromMs >= HOUR_MS && fromMs < nowMs;
  return isRange ? { fromMs, toMs } : null;
}

/** A range as the API takes it; null as in `Range`. */
export interface Times {
  readonly [name: string]: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export function timesOf({ fromMs, toMs }: Range): Times {
  const text = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return { from: text(fromMs), to: text(toMs) };
}
