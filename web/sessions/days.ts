import { dayKey } from '../text/times.ts';

export interface Span {
  readonly startedAt: string;
  /** null while it is open. */
  readonly endedAt?: string | null;
}

/** In milliseconds since 1970. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Day {
  /** Its date, as 2026-11-27. */
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The share of the day, up to now for today, that was online; null for a day without a record. */
  readonly share: number | null;
  readonly onlineMs: number;
}

const DAY_MS = 86_400_000;

/** The midnights of the last days in the time zone of the server, the last one that of tomorrow. */
function midnights(count: number, nowMs: number, startOfDay: (ms: number) => number): number[] {
  const last = startOfDay(startOfDay(nowMs) + 1.5 * DAY_MS);
  const found = [last];
  // A day has 23 to 25 hours, so noon of the day before is always 12 hours before a midnight.
  while (found.length <= count) found.unshift(startOfDay((found[0] ?? last) - DAY_MS / 2));
  return found;
}

/** How much of the intervals, which do not overlap, lies between two times. */
function overlapOf(intervals: readonly Interval[], fromMs: number, toMs: number): number {
  return intervals.reduce(
    (sum, each) => sum + Math.max(0, Math.min(each.toMs, toMs) - Math.max(each.fromMs, fromMs)),
    0,
  );
}

/** How much of each of the last days was online, the oldest first. */
export function onlineDays(
  spans: readonly Span[],
  options: {
    readonly days: number;
    readonly nowMs: number;
    /** When nothing was recorded, such as before the record began. */
    readonly gaps: readonly Interval[];
    readonly startOfDay: (ms: number) => number;
  },
): Day[] {
  const { days, nowMs, gaps, startOfDay } = options;
  const borders = midnights(days, nowMs, startOfDay);
  const times = spans.map(({ startedAt, endedAt }) => ({
    fromMs: Date.parse(startedAt),
    toMs: endedAt == null ? nowMs : Date.parse(endedAt),
  }));
  return borders.slice(0, -1).map((startMs, index) => {
    const endMs = borders[index + 1] ?? nowMs;
    const upTo = Math.min(endMs, nowMs);
    const onlineMs = overlapOf(times, startMs, upTo);
    const recordedMs = upTo - startMs - overlapOf(gaps, startMs, upTo);
    const isRecorded = recordedMs > 0 || onlineMs > 0;
    const share = isRecorded ? Math.min(1, onlineMs / Math.max(1, recordedMs)) : null;
    return { key: dayKey(startMs), startMs, endMs, share, onlineMs };
  });
}
