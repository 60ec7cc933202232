import type { UserDetailsQuery } from '../../api/generated/pages/graphql.ts';
import { useRate } from '../../live/rates.ts';
import { t } from '../../text/i18n.ts';
import { duration } from '../../text/times.ts';
import { Figure, Parts, Received, Sent, Volume } from '../../ui/figure.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Ago, BitRate, When } from '../../ui/values.tsx';

export type DetailedUser = NonNullable<UserDetailsQuery['user']>;

/** Whether the user is there, and how much flows and flowed. */
export function Summary({
  user,
  isOnline,
}: {
  readonly user: DetailedUser;
  readonly isOnline: boolean;
}) {
  const now = useNow();
  const rate = useRate(user.id);
  const { session } = user;
  return (
    <section className="card" aria-label={t('overview.figures')}>
      <dl className="figures">
        <Figure name={t(isOnline ? 'user.onlineFor' : 'user.lastSeen')}>
          {isOnline && session != null ? (
            <>
              {duration(now - Date.parse(session.startedAt))}
              <Parts>
                {t('user.since')} <When at={session.startedAt} />
              </Parts>
            </>
          ) : user.lastSeenAt == null ? (
            t('user.never')
          ) : (
            <Ago at={user.lastSeenAt} />
          )}
        </Figure>
        <Figure name={t('users.column.rate')}>
          <BitRate bytesPerSecond={rate.rx + rate.tx} />
          <Parts>
            <Sent>
              <BitRate bytesPerSecond={rate.tx} />
            </Sent>
            <Received>
              <BitRate bytesPerSecond={rate.rx} />
            </Received>
          </Parts>
        </Figure>
        <Volume name={t('overview.today')} volume={user.usage.today} />
        <Volume name={t('overview.month')} volume={user.usage.month} />
        <Volume name={t('overview.total')} volume={{ rx: user.totalRx, tx: user.totalTx }} />
      </dl>
    </section>
  );
}
