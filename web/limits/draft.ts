import type { QuotaPeriod } from '../api/generated/pages/graphql.ts';
import { timeZone } from '../text/times.ts';
import { timeOfWall, wallTimeOf } from '../text/zone-time.ts';
import {
  type Amount,
  bandwidthAmountOf,
  bandwidthLimitOf,
  type DataUnit,
  dataAmountOf,
  dataLimitOf,
  type RateUnit,
} from './units.ts';

/** Limits as they are being edited. */
export interface LimitDraft {
  readonly data: Amount<DataUnit>;
  readonly period: QuotaPeriod;
  readonly bandwidth: Amount<RateUnit>;
  /** The wall clock of the server; empty: never. */
  readonly expires: string;
}

/** Limits as the API has them. */
export interface Limits {
  readonly dataLimit: number;
  readonly quotaPeriod: QuotaPeriod;
  readonly bandwidthLimit: number;
  readonly expiresAt: string | null;
}

export const draftOf = (limits: Limits): LimitDraft => ({
  data: dataAmountOf(limits.dataLimit),
  period: limits.quotaPeriod,
  bandwidth: bandwidthAmountOf(limits.bandwidthLimit),
  expires: limits.expiresAt === null ? '' : wallTimeOf(Date.parse(limits.expiresAt), timeZone()),
});

/** null if a number cannot be read. */
export function limitsOf({ data, period, bandwidth, expires }: LimitDraft): Limits | null {
  const dataLimit = dataLimitOf(data);
  const bandwidthLimit = bandwidthLimitOf(bandwidth);
  if (dataLimit === null || bandwidthLimit === null) return null;
  const expiresMs = expires === '' ? null : timeOfWall(expires, timeZone());
  if (expires !== '' && expiresMs === null) return null;
  const expiresAt = expiresMs === null ? null : new Date(expiresMs).toISOString();
  return { dataLimit, quotaPeriod: period, bandwidthLimit, expiresAt };
}
