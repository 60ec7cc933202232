import { t } from '../text/i18n.ts';

export interface DayRangeProps {
  /** As 2026-11-27; empty: no bound. */
  readonly from: string;
  /** The last day, included. */
  readonly to: string;
  readonly onFrom: (day: string) => void;
  readonly onTo: (day: string) => void;
}

/** Chooses days of the time zone of the server. */
export function DayRange({ from, to, onFrom, onTo }: DayRangeProps) {
  return (
    <div className="day-range">
      <Day label={t('filter.from')} value={from} max={to} onChange={onFrom} />
      <Day label={t('filter.to')} value={to} min={from} onChange={onTo} />
    </div>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  readonly onChange: (day: string) => void;
}

const Day = ({ label, value, min, max, onChange }: DayProps) => (
  <label>
    <span>{label}</span>
    <input
      type="date"
      value={value}
      min={min}
      max={max}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  </label>
);
