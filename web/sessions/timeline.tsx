import type { SessionLineFragment } from '../api/generated/pages/graphql.ts';
import { type MessageId, t } from '../text/i18n.ts';
import { bytes } from '../text/numbers.ts';
import { clockTime, dateTime, duration, weekday } from '../text/times.ts';
import type { Day } from './days.ts';

export interface Roaming {
  readonly id: string;
  readonly at: string;
  readonly endpoint?: string | null;
}

export interface TimelineProps {
  /** The days to show, the newest first. */
  readonly days: readonly Day[];
  readonly sessions: readonly SessionLineFragment[];
  readonly roaming: readonly Roaming[];
  readonly nowMs: number;
}

/** One line a day: when the user was online, and where the address changed. */
export function Timeline({ days, sessions, roaming, nowMs }: TimelineProps) {
  return (
    <div className="timeline">
      <div className="hours" aria-hidden="true">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}</span>
        ))}
      </div>
      <ol>
        {days.map((day) => {
          const length = day.endMs - day.startMs;
          const at = (ms: number) =>
            Math.max(0, Math.min(100, ((ms - day.startMs) / length) * 100));
          const inDay = sessions.filter(
            ({ startedAt, endedAt }) =>
              Date.parse(startedAt) < day.endMs &&
              (endedAt == null ? nowMs : Date.parse(endedAt)) > day.startMs,
          );
          const moves = roaming.filter(
            (move) => Date.parse(move.at) >= day.startMs && Date.parse(move.at) < day.endMs,
          );
          return (
            <li key={day.key}>
              <span className="day small">{weekday(day.startMs)}</span>
              <svg
                viewBox="0 0 100 16"
                preserveAspectRatio="none"
                role="img"
                aria-label={t('timeline.day', {
                  day: weekday(day.startMs),
                  time: duration(day.onlineMs),
                })}
              >
                <rect className="track" width="100" height="16" />
                {inDay.map((session) => {
                  const from = at(Date.parse(session.startedAt));
                  const to = at(session.endedAt == null ? nowMs : Date.parse(session.endedAt));
                  return (
                    <rect
                      key={session.id}
                      className={session.endedAt == null ? 'open' : 'ended'}
                      x={from}
                      width={Math.max(0.3, to - from)}
                      y="2"
                      height="12"
                    >
                      <title>{sessionText(session)}</title>
                    </rect>
                  );
                })}
                {moves.map((move) => (
                  <rect
                    key={move.id}
                    className="move"
                    x={at(Date.parse(move.at)) - 0.15}
                    width="0.3"
                    height="16"
                  >
                    <title>
                      {t('timeline.moved', {
                        time: clockTime(move.at),
                        endpoint: move.endpoint ?? '?',
                      })}
                    </title>
                  </rect>
                ))}
              </svg>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

export function sessionText(session: SessionLineFragment): string {
  const { startedAt, endedAt, rx, tx, endReason } = session;
  const until = endedAt == null ? t('timeline.open') : dateTime(endedAt);
  const why = endReason == null ? null : t(`reason.${endReason}` as MessageId);
  const volume = `▲ ${bytes(Number(tx))} ▼ ${bytes(Number(rx))}`;
  return [`${dateTime(startedAt)} – ${until}`, volume, why].filter(Boolean).join(' · ');
}
