import type { Calendar } from '../time/calendar.ts';
import type { TrafficBooking } from '../tracking/changes.ts';
import { BUCKET_MS } from '../tracking/constants.ts';
import type { PeerPolicy } from './policy.ts';

/** A day, week or month on the configured time zone's clock. */
export interface QuotaPeriod {
  /** Its kind and its first local day, such as `MONTH 2026-02-01`; of one kind a later one sorts later. */
  readonly name: string;
  readonly startMs: number;
}

/** From when on a user's bytes count in its quota. */
export interface QuotaStart {
  readonly userId: number;
  readonly period: QuotaPeriod;
  /** Absent: the same period goes on. */
  readonly resets?: true;
}

/** The period of a kind that holds an instant; null where the kind has none. */
export type PeriodOf = (kind: string, atMs: number) => QuotaPeriod | null;

export interface QuotaContext {
  readonly nowMs: number;
  readonly periodOf: PeriodOf;
  /** Since when the bytes flowed that were booked late, by public key. */
  readonly bookedSinceMs: ReadonlyMap<string, number>;
}

/** Adds the users whose bytes were just booked late. */
export function addLate(
  bookedSinceMs: Map<string, number>,
  traffic: readonly TrafficBooking[],
  nowMs: number,
): void {
  for (const { publicKey, gapMs } of traffic) {
    if (gapMs <= BUCKET_MS) continue;
    const known = bookedSinceMs.get(publicKey) ?? nowMs;
    bookedSinceMs.set(publicKey, Math.min(known, nowMs - gapMs));
  }
}

/**
 * Whose quota begins anew, and of whom bytes were booked late that flowed before its period began.
 *
 * Periods are told apart by their local days: another time zone moves the instant at which a month
 * began, and makes no other month of it. Where it makes the day an earlier one, as a clock that is
 * set back does, that day is taken up in silence, so that the next one is new again.
 */
export function quotaStarts(
  policies: readonly PeerPolicy[],
  { nowMs, periodOf, bookedSinceMs }: QuotaContext,
): QuotaStart[] {
  return policies.flatMap((policy): QuotaStart[] => {
    const { userId, quotaPeriod: kind, quotaPeriodName: known, quotaMarkAtMs } = policy;
    const period = periodOf(kind, nowMs);
    if (period === null) return [];
    const isLate = (bookedSinceMs.get(policy.publicKey) ?? nowMs) < period.startMs;
    if (known === period.name) return isLate ? [{ userId, period }] : [];
    const isOfKind = known?.startsWith(`${kind} `) ?? false;
    const resets = isOfKind ? period.name > (known ?? '') : quotaMarkAtMs < period.startMs;
    return [{ userId, period, ...(resets && { resets }) }];
  });
}

/** Quota periods on a time zone's clock. */
export function quotaPeriods(calendar: Calendar): PeriodOf {
  return (kind, atMs) => {
    const start = periodStart(calendar, kind, new Date(atMs));
    if (start === null) return null;
    return { name: `${kind} ${calendar.formatDay(start)}`, startMs: start.getTime() };
  };
}

/** When the quota period that holds an instant began; null where there is no period. */
export function periodStart(calendar: Calendar, period: string, at: Date): Date | null {
  switch (period) {
    case 'DAY':
      return calendar.startOfDay(at);
    case 'WEEK':
      return calendar.startOfWeek(at);
    case 'MONTH':
      return calendar.startOfMonth(at);
    default:
      return null;
  }
}

/** When the next one begins; null where there is no period. */
export function nextPeriodStart(calendar: Calendar, period: string, at: Date): Date | null {
  switch (period) {
    case 'DAY':
      return calendar.addDays(at, 1);
    case 'WEEK':
      return calendar.addDays(calendar.startOfWeek(at), 7);
    case 'MONTH':
      return calendar.addMonths(at, 1);
    default:
      return null;
  }
}
