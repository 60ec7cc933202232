import { t } from '../text/i18n.ts';
import { bytes, percent } from '../text/numbers.ts';
import { clockTime, exactTime, relative, startOfMonth, weekday } from '../text/times.ts';
import { useNow } from '../ui/use-now.ts';
import { Bytes } from '../ui/values.tsx';
import { type Forecast, forecastOf, type QuotaUse } from './forecast.ts';

/** From this share on, the server warns of a quota as well. */
const ALMOST = 0.8;

export interface QuotaBarProps {
  readonly quota: QuotaUse & { readonly limit: string | null };
  readonly month: { readonly rx: string; readonly tx: string };
  /** Without it, only the share and a short warning are written below the bar. */
  readonly withForecast?: boolean;
}

/** How much of a quota is used, and when it is used up if it goes on like this. */
export function QuotaBar({ quota, month, withForecast }: QuotaBarProps) {
  const now = useNow(60_000);
  if (quota.limit === null) {
    return <span className="muted small">{t('quota.none')}</span>;
  }
  const share = Number(quota.limit) === 0 ? 1 : Number(quota.used) / Number(quota.limit);
  const weight = share >= 1 ? 'meter bad' : share >= ALMOST ? 'meter warn' : 'meter';
  const forecast = forecastNow(quota, month, now);
  const text = forecastText(forecast);
  return (
    <span className="quota" title={text ?? undefined}>
      <span
        className={weight}
        role="meter"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.floor(share * 100))}
        aria-label={t('quota.label')}
      >
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      <span className="small">
        {withForecast ? (
          <>
            <Bytes value={quota.used} /> / <Bytes value={quota.limit} /> · {percent(share)}
          </>
        ) : (
          t('quota.of', { share: percent(share), limit: bytes(Number(quota.limit)) })
        )}
      </span>
      {withForecast && text !== null ? <span className="small muted">{text}</span> : null}
      {!withForecast && forecast.kind === 'empty' ? (
        <span className="small muted truncate">
          {t('quota.emptyIn', { when: relative(forecast.at, now) })}
        </span>
      ) : null}
      {withForecast && quota.resetsAt !== null ? (
        <span className="small muted" title={exactTime(quota.resetsAt)}>
          {t('quota.resets', { when: relative(quota.resetsAt, now) })}
        </span>
      ) : null}
    </span>
  );
}

function forecastNow(
  quota: QuotaUse,
  month: { readonly rx: string; readonly tx: string },
  now: number,
): Forecast {
  const elapsedMs = now - startOfMonth(now);
  return forecastOf(quota, now, { bytes: Number(month.rx) + Number(month.tx), elapsedMs });
}

function forecastText(forecast: Forecast): string | null {
  if (forecast.kind === 'lasts') return t('quota.lasts');
  if (forecast.kind === 'unknown') return null;
  return t('quota.emptyAt', { when: `${weekday(forecast.at)}, ${clockTime(forecast.at)}` });
}
