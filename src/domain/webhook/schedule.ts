const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The time before each attempt, as Standard Webhooks recommends: 75.6 hours in all. */
const DELAYS_MS: readonly number[] = [
  ...[0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
];

/** The share of a delay by which it varies, so that not all receivers are tried at the same time. */
const JITTER = 0.1;

const LONGEST_MS = 24 * HOUR;

/** No attempt is later than this. A time further ahead comes from a clock that was wrong. */
export const MAX_DELAY_MS = LONGEST_MS * (1 + JITTER);

/**
 * How long to wait after this many failed attempts; null: no more attempts. `random` is from 0 to 1. `askedMs` is the
 * time that the receiver asked for.
 */
export function delayAfter(
  attempts: number,
  random: number,
  askedMs: number | null,
): number | null {
  const delay = DELAYS_MS[attempts];
  if (delay === undefined) return null;
  const varied = delay * (1 + JITTER * (2 * random - 1));
  return Math.max(varied, Math.min(askedMs ?? 0, LONGEST_MS));
}

/** The time that the header `retry-after` asks for: seconds, or a date. null: none. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
