import { nameOf } from '../../actions/use-actions.ts';
import type { UserRowFragment } from '../../api/generated/pages/graphql.ts';
import { QuotaBar } from '../../limits/quota-bar.tsx';
import { usePresence } from '../../live/presence.ts';
import { useRate } from '../../live/rates.ts';
import { t } from '../../text/i18n.ts';
import { dateTime, exactTime } from '../../text/times.ts';
import { Received, Sent, Volume } from '../../ui/figure.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Ago, BitRate, Bytes } from '../../ui/values.tsx';

/** One device of the reader. */
export function Device({ user }: { readonly user: UserRowFragment }) {
  const isOnline = usePresence(user.id)?.isOnline ?? user.isOnline;
  const rate = useRate(user.id);
  const { quota } = user;
  return (
    <section className="card">
      <div className="card-head">
        <span className="row">
          <span
            className={isOnline ? 'dot online' : 'dot'}
            role="img"
            aria-label={t(isOnline ? 'user.online' : 'user.offline')}
          />
          <h2>{nameOf(user)}</h2>
        </span>
        <StateBadge user={user} />
      </div>
      <QuotaBar quota={quota} month={user.usage.month} withForecast />
      <dl className="facts">
        {quota.left == null ? null : (
          <>
            <dt>{t('self.left')}</dt>
            <dd>
              <strong>
                <Bytes value={quota.left} />
              </strong>
            </dd>
          </>
        )}
        <dt>{t('limit.expires')}</dt>
        <dd>
          {user.expiresAt == null ? (
            t('limit.never')
          ) : (
            <time dateTime={user.expiresAt} title={exactTime(user.expiresAt)}>
              {dateTime(user.expiresAt)}
            </time>
          )}
        </dd>
        <dt>{t('users.column.rate')}</dt>
        <dd className="row">
          <Sent>
            <BitRate bytesPerSecond={rate.tx} />
          </Sent>
          <Received>
            <BitRate bytesPerSecond={rate.rx} />
          </Received>
        </dd>
        <dt>{t('users.column.lastSeen')}</dt>
        <dd>
          {isOnline ? (
            t('user.onlineNow')
          ) : user.lastSeenAt == null ? (
            t('user.never')
          ) : (
            <Ago at={user.lastSeenAt} />
          )}
        </dd>
      </dl>
      <dl className="figures">
        <Volume name={t('overview.today')} volume={user.usage.today} />
        <Volume name={t('overview.month')} volume={user.usage.month} />
      </dl>
    </section>
  );
}
