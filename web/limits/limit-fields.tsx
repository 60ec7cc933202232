import type { QuotaPeriod } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { bitRate, count, exactBytes } from '../text/numbers.ts';
import { exactTime, timeZone } from '../text/times.ts';
import { timeOfWall, wallTimeOf } from '../text/zone-time.ts';
import { Field } from '../ui/field.tsx';
import {
  type Amount,
  bandwidthAmountOf,
  bandwidthLimitOf,
  bytesOfBandwidthLimit,
  bytesOfDataLimit,
  DATA_UNITS,
  type DataUnit,
  dataAmountOf,
  dataLimitOf,
  RATE_UNITS,
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

const PERIODS: readonly QuotaPeriod[] = ['NONE', 'DAY', 'WEEK', 'MONTH'];
const DAY_MS = 86_400_000;

export interface LimitFieldsProps {
  readonly draft: LimitDraft;
  readonly onChange: (draft: LimitDraft) => void;
  /** The time by the clock of the server. */
  readonly nowMs: number;
  /** What the server found wrong, by the name of its field. */
  readonly problems?: Readonly<Record<string, string>>;
}

/** The limits in the units that people use, each with the exact value that will be in force. */
export function LimitFields({ draft, onChange, nowMs, problems = {} }: LimitFieldsProps) {
  const change = (part: Partial<LimitDraft>) => onChange({ ...draft, ...part });
  const dataLimit = dataLimitOf(draft.data);
  const bandwidthLimit = bandwidthLimitOf(draft.bandwidth);
  const expiresMs = draft.expires === '' ? null : timeOfWall(draft.expires, timeZone());
  const inDays = (days: number) => wallTimeOf(nowMs + days * DAY_MS, timeZone());
  return (
    <>
      <Field
        label={t('limit.data')}
        hint={
          dataLimit
            ? `= ${count(dataLimit)} MB = ${exactBytes(bytesOfDataLimit(dataLimit))}`
            : t('limit.none')
        }
        problem={dataLimit === null ? t('limit.notANumber') : problems.dataLimit}
      >
        {(input) => (
          <div className="with-unit">
            <input
              {...input}
              inputMode="decimal"
              autoComplete="off"
              placeholder={t('limit.nonePlaceholder')}
              value={draft.data.number}
              onChange={(event) => change({ data: { ...draft.data, number: event.target.value } })}
            />
            <select
              aria-label={t('limit.unit')}
              value={draft.data.unit}
              onChange={(event) =>
                change({ data: { ...draft.data, unit: event.target.value as DataUnit } })
              }
            >
              {Object.keys(DATA_UNITS).map((unit) => (
                <option key={unit}>{unit}</option>
              ))}
            </select>
          </div>
        )}
      </Field>
      <Field label={t('limit.period')} problem={problems.quotaPeriod}>
        {(input) => (
          <select
            {...input}
            value={draft.period}
            onChange={(event) => change({ period: event.target.value as QuotaPeriod })}
          >
            {PERIODS.map((period) => (
              <option key={period} value={period}>
                {t(`limit.period.${period}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={t('limit.bandwidth')}
        hint={
          bandwidthLimit
            ? t('limit.bandwidthExact', {
                kb: count(bandwidthLimit),
                rate: bitRate(bytesOfBandwidthLimit(bandwidthLimit)),
              })
            : t('limit.none')
        }
        problem={bandwidthLimit === null ? t('limit.notANumber') : problems.bandwidthLimit}
      >
        {(input) => (
          <div className="with-unit">
            <input
              {...input}
              inputMode="decimal"
              autoComplete="off"
              placeholder={t('limit.nonePlaceholder')}
              value={draft.bandwidth.number}
              onChange={(event) =>
                change({ bandwidth: { ...draft.bandwidth, number: event.target.value } })
              }
            />
            <select
              aria-label={t('limit.unit')}
              value={draft.bandwidth.unit}
              onChange={(event) =>
                change({ bandwidth: { ...draft.bandwidth, unit: event.target.value as RateUnit } })
              }
            >
              {Object.keys(RATE_UNITS).map((unit) => (
                <option key={unit}>{unit}</option>
              ))}
            </select>
          </div>
        )}
      </Field>
      <Field
        label={t('limit.expires')}
        hint={
          expiresMs === null ? (draft.expires === '' ? t('limit.never') : '') : exactTime(expiresMs)
        }
        problem={problems.expiresAt}
      >
        {(input) => (
          <>
            <input
              {...input}
              type="datetime-local"
              value={draft.expires}
              onChange={(event) => change({ expires: event.target.value })}
            />
            <div className="chips">
              {([7, 30, 365] as const).map((days) => (
                <button
                  key={days}
                  type="button"
                  className="chip"
                  onClick={() => change({ expires: inDays(days) })}
                >
                  {t('limit.inDays', { days })}
                </button>
              ))}
              <button type="button" className="chip" onClick={() => change({ expires: '' })}>
                {t('limit.never')}
              </button>
            </div>
          </>
        )}
      </Field>
    </>
  );
}
