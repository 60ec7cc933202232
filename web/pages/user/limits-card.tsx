import { QuotaBar } from '../../limits/quota-bar.tsx';
import { bytesOfBandwidthLimit } from '../../limits/units.ts';
import { type MessageId, t } from '../../text/i18n.ts';
import { bitRate, bytes } from '../../text/numbers.ts';
import { dateTime } from '../../text/times.ts';
import { Ago } from '../../ui/values.tsx';
import type { DetailedUser } from './summary.tsx';

/** What was asked for, beside what is in force in WireGuard and nftables. */
export function LimitsCard({ user }: { readonly user: DetailedUser }) {
  const { desired, applied, reason, lastError, since } = user.enforcement;
  const isInForce = desired === applied && lastError == null;
  const unlimited = t('limit.none');
  const bandwidth =
    user.bandwidthLimit === 0 ? unlimited : bitRate(bytesOfBandwidthLimit(user.bandwidthLimit));
  const quota =
    user.quota.limit == null
      ? unlimited
      : `${bytes(Number(user.quota.limit))} · ${t(`limit.period.${user.quota.period}`)}`;
  const expiry = user.expiresAt == null ? t('limit.never') : dateTime(user.expiresAt);
  const ofCut = (cut: string, whenNot: string) => (reason === cut ? t('limits.cutOff') : whenNot);
  // All are applied and read back together, so one that failed leaves all of them unconfirmed.
  const rows: readonly (readonly [name: string, wanted: string, inForce: string])[] = [
    [
      t('limits.access'),
      t(`limits.desired.${desired}` as MessageId),
      t(`limits.applied.${applied}` as MessageId),
    ],
    [t('users.column.bandwidth'), bandwidth, isInForce ? bandwidth : t('limits.unconfirmed')],
    [t('users.column.quota'), quota, ofCut('QUOTA_EXCEEDED', t('limits.watched'))],
    [t('limit.expires'), expiry, ofCut('EXPIRED', t('limits.watched'))],
  ];
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('limits.title')}</h2>
        <span className={isInForce ? 'badge good' : 'badge bad'}>
          {t(isInForce ? 'limits.confirmed' : 'limits.unconfirmed')}
        </span>
      </div>
      <QuotaBar quota={user.quota} month={user.usage.month} withForecast />
      <div className="limits">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t('limits.title')}</span>
              </th>
              <th scope="col">{t('limits.wanted')}</th>
              <th scope="col">{t('limits.inForce')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, wanted, inForce]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{wanted}</td>
                <td>{inForce}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {reason == null ? null : <p>{t(`cut.${reason}` as MessageId)}</p>}
      {lastError == null ? null : <p className="problem">{lastError}</p>}
      {since == null ? null : (
        <p className="small muted">
          {t('limits.since')} <Ago at={since} />
        </p>
      )}
    </section>
  );
}
