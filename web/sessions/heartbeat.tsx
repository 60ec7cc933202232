import { t } from '../text/i18n.ts';
import { percent } from '../text/numbers.ts';
import { duration, weekday } from '../text/times.ts';
import type { Day } from './days.ts';

const WIDTH = 8;
const GAP = 2;
const HEIGHT = 36;

/** So that a short session is seen as well. */
const FAINTEST = 0.3;

/** One bar a day, the stronger the longer the user was online; grey without a record. */
export function Heartbeat({ days }: { readonly days: readonly Day[] }) {
  const online = days.filter(({ onlineMs }) => onlineMs > 0).length;
  return (
    <svg
      className="heartbeat"
      viewBox={`0 0 ${days.length * (WIDTH + GAP) - GAP} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('heartbeat.label', { days: days.length, online })}
    >
      {days.map(({ key, startMs, share, onlineMs }, index) => (
        <g key={key}>
          <title>
            {share === null
              ? t('heartbeat.noRecord', { day: weekday(startMs) })
              : t('heartbeat.day', {
                  day: weekday(startMs),
                  share: percent(share),
                  time: duration(onlineMs),
                })}
          </title>
          <rect
            className={share === null ? 'gap' : share > 0 ? 'on' : 'off'}
            x={index * (WIDTH + GAP)}
            width={WIDTH}
            height={HEIGHT}
            rx="1.5"
            opacity={share ? FAINTEST + (1 - FAINTEST) * share : undefined}
          />
        </g>
      ))}
    </svg>
  );
}
