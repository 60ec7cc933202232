import { t } from '../text/i18n.ts';
import { exactTime, timeZone } from '../text/times.ts';
import { timeOfWall, wallTimeOf } from '../text/zone-time.ts';
import { Field } from '../ui/field.tsx';

const DAY_MS = 86_400_000;

export interface ExpiryFieldProps {
  /** The wall clock of the server; empty: never. */
  readonly expires: string;
  /** The time by the clock of the server. */
  readonly nowMs: number;
  readonly problem: string | undefined;
  readonly onChange: (expires: string) => void;
}

/** When the user loses access, in the time zone of the server. */
export function ExpiryField({ expires, nowMs, problem, onChange }: ExpiryFieldProps) {
  const expiresMs = expires === '' ? null : timeOfWall(expires, timeZone());
  // While a year is being typed, there is no time to show.
  const never = expires === '' ? t('limit.never') : '';
  return (
    <Field
      label={t('limit.expires')}
      hint={expiresMs === null ? never : exactTime(expiresMs)}
      problem={problem}
    >
      {(input) => (
        <>
          <input
            {...input}
            type="datetime-local"
            value={expires}
            onChange={(event) => onChange(event.target.value)}
          />
          <div className="chips">
            {([7, 30, 365] as const).map((days) => (
              <button
                key={days}
                type="button"
                className="chip"
                onClick={() => onChange(wallTimeOf(nowMs + days * DAY_MS, timeZone()))}
              >
                {t('limit.inDays', { days })}
              </button>
            ))}
            <button type="button" className="chip" onClick={() => onChange('')}>
              {t('limit.never')}
            </button>
          </div>
        </>
      )}
    </Field>
  );
}
