import { t } from '../text/i18n.ts';
import { Field } from '../ui/field.tsx';
import type { Amount } from './units.ts';

export interface AmountFieldProps<Unit extends string> {
  readonly label: string;
  readonly amount: Amount<Unit>;
  readonly units: readonly Unit[];
  /** The exact value that will be in force. */
  readonly exact: string;
  readonly problem: string | undefined;
  readonly onChange: (amount: Amount<Unit>) => void;
}

/** A number with its unit; empty means no limit. */
export function AmountField<Unit extends string>(props: AmountFieldProps<Unit>) {
  const { label, amount, units, exact, problem, onChange } = props;
  return (
    <Field label={label} hint={exact} problem={problem}>
      {(input) => (
        <div className="with-unit">
          <input
            {...input}
            inputMode="decimal"
            autoComplete="off"
            placeholder={t('limit.nonePlaceholder')}
            value={amount.number}
            onChange={(event) => onChange({ ...amount, number: event.target.value })}
          />
          <select
            aria-label={t('limit.unit')}
            value={amount.unit}
            onChange={(event) => onChange({ ...amount, unit: event.target.value as Unit })}
          >
            {units.map((unit) => (
              <option key={unit}>{unit}</option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}
