import type { LiveDashboardSubscription } from '../../api/generated/first/graphql.ts';
import { t } from '../../text/i18n.ts';
import { count } from '../../text/numbers.ts';
import { date } from '../../text/times.ts';
import { Figure, Parts, Received, Sent, Volume } from '../../ui/figure.tsx';
import { BitRate } from '../../ui/values.tsx';

export type Dashboard = LiveDashboardSubscription['dashboard'];

/** The key numbers. */
export function Figures({ dashboard }: { readonly dashboard: Dashboard | null }) {
  return (
    <section className="card" aria-label={t('overview.figures')}>
      <dl className="figures">
        <Figure name={t('overview.onlineNow')}>
          {dashboard && (
            <>
              <span className="row">
                <span className={dashboard.onlineUsers > 0 ? 'dot online' : 'dot'} />
                {count(dashboard.onlineUsers)}
              </span>
              <Parts>{t('overview.ofUsers', { total: count(dashboard.totalUsers) })}</Parts>
            </>
          )}
        </Figure>
        <Figure name={t('overview.throughput')}>
          {dashboard && (
            <>
              <BitRate bytesPerSecond={dashboard.rxBytesPerSecond + dashboard.txBytesPerSecond} />
              <Parts>
                <Sent>
                  <BitRate bytesPerSecond={dashboard.txBytesPerSecond} />
                </Sent>
                <Received>
                  <BitRate bytesPerSecond={dashboard.rxBytesPerSecond} />
                </Received>
              </Parts>
            </>
          )}
        </Figure>
        <Volume
          name={t('overview.today')}
          volume={dashboard && { rx: dashboard.todayRx, tx: dashboard.todayTx }}
        />
        <Volume
          name={t('overview.month')}
          volume={dashboard && { rx: dashboard.monthRx, tx: dashboard.monthTx }}
        />
        <Volume
          name={
            dashboard === null
              ? t('overview.total')
              : t('overview.totalSince', { date: date(dashboard.recordStart) })
          }
          volume={dashboard && { rx: dashboard.totalRx, tx: dashboard.totalTx }}
        />
      </dl>
    </section>
  );
}
