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

/** The time from which a user's bytes count in its quota. */
export interface QuotaStart {
  readonly userId: number;
  readonly period: QuotaPeriod;
  /** Absent: the same period continues. */
  readonly resets?: true;
}

/** The period of a kind that contains an instant; null if the kind has no periods. */
export type PeriodOf = (kind: string, atMs: number) => QuotaPeriod | null;

export interface QuotaContext {
  readonly nowMs: number;
  readonly periodOf: PeriodOf;
  /** Start of each late-booked interval, by public key. */
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
 * The users whose quota period begins, and those with late-booked bytes that were moved before their period
 * began.
 *
 * Periods are identified by their local days: another time zone changes the instant at which a month began,
 * but not the month. If it changes the day to an earlier one, as a clock that is set back does, that day is
 * adopted without an event, so that the next one counts as new.
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

/** When the quota period that contains an instant began; null if there is no period. */
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

/** When the next period begins; null if there is no period. */
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
