import type { SessionLineFragment } from '../api/generated/pages/graphql.ts';
import { type MessageId, t } from '../text/i18n.ts';
import { duration } from '../text/times.ts';
import { Bytes, When } from '../ui/values.tsx';

export interface SessionTableProps {
  readonly sessions: readonly SessionLineFragment[];
  readonly nowMs: number;
}

/** Sessions with what they moved and why each ended. */
export function SessionTable({ sessions, nowMs }: SessionTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className="table-wrap scroll" tabIndex={0} aria-label={t('sessions.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('sessions.start')}</th>
            <th scope="col">{t('sessions.length')}</th>
            <th scope="col" className="end">
              {t('traffic.sent')}
            </th>
            <th scope="col" className="end">
              {t('traffic.received')}
            </th>
            <th scope="col">{t('sessions.end')}</th>
            <th scope="col">{t('sessions.address')}</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ id, startedAt, endedAt, endpoint, rx, tx, endReason }) => (
            <tr key={id}>
              <td>
                <When at={startedAt} />
              </td>
              <td className="nowrap">
                {duration((endedAt == null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt))}
              </td>
              <td className="end">
                <Bytes value={tx} />
              </td>
              <td className="end">
                <Bytes value={rx} />
              </td>
              <td>
                {endReason == null ? (
                  <span className="badge good">{t('timeline.open')}</span>
                ) : (
                  t(`reason.${endReason}` as MessageId)
                )}
              </td>
              <td className="mono nowrap">{endpoint}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
