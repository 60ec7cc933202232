import type { QuotaPeriod } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { bitRate, count, exactBytes } from '../text/numbers.ts';
import { Field } from '../ui/field.tsx';
import { AmountField } from './amount-field.tsx';
import type { LimitDraft } from './draft.ts';
import { ExpiryField } from './expiry-field.tsx';
import {
  bandwidthLimitOf,
  bytesOfBandwidthLimit,
  bytesOfDataLimit,
  DATA_UNITS,
  type DataUnit,
  dataLimitOf,
  RATE_UNITS,
  type RateUnit,
} from './units.ts';

const PERIODS: readonly QuotaPeriod[] = ['NONE', 'DAY', 'WEEK', 'MONTH'];

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
  return (
    <>
      <AmountField
        label={t('limit.data')}
        amount={draft.data}
        units={Object.keys(DATA_UNITS) as DataUnit[]}
        exact={exactDataOf(dataLimitOf(draft.data))}
        problem={dataLimitOf(draft.data) === null ? t('limit.notANumber') : problems.dataLimit}
        onChange={(data) => change({ data })}
      />
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
      <AmountField
        label={t('limit.bandwidth')}
        amount={draft.bandwidth}
        units={Object.keys(RATE_UNITS) as RateUnit[]}
        exact={exactBandwidthOf(bandwidthLimitOf(draft.bandwidth))}
        problem={
          bandwidthLimitOf(draft.bandwidth) === null
            ? t('limit.notANumber')
            : problems.bandwidthLimit
        }
        onChange={(bandwidth) => change({ bandwidth })}
      />
      <ExpiryField
        expires={draft.expires}
        nowMs={nowMs}
        problem={problems.expiresAt}
        onChange={(expires) => change({ expires })}
      />
    </>
  );
}

function exactDataOf(limit: number | null): string {
  if (!limit) return t('limit.none');
  return `= ${count(limit)} MB = ${exactBytes(bytesOfDataLimit(limit))}`;
}

function exactBandwidthOf(limit: number | null): string {
  if (!limit) return t('limit.none');
  return t('limit.bandwidthExact', {
    kb: count(limit),
    rate: bitRate(bytesOfBandwidthLimit(limit)),
  });
}
