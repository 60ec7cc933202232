import { useSyncExternalStore } from 'react';
import { connection } from '../api/connection.ts';
import { useMe } from '../api/me.ts';
import { useStatus } from '../live/status.ts';
import { t } from '../text/i18n.ts';
import { clockTimeWithSeconds } from '../text/times.ts';
import { Icon } from '../ui/icon.tsx';

/** What makes the figures of every page doubtful: no connection, or a server that cannot read WireGuard. */
export function Banners() {
  const { state, lostAt } = useSyncExternalStore(connection.subscribe, connection.get);
  const status = useStatus();
  const me = useMe();
  const isLost = state === 'lost' && lostAt !== null;
  return (
    <div className="stack" role="status">
      {isLost ? (
        <div className="banner">
          <Icon name="warn" />
          <p>
            {t(navigator.onLine ? 'banner.reconnecting' : 'banner.offline', {
              time: clockTimeWithSeconds(lostAt),
            })}
          </p>
        </div>
      ) : null}
      {status?.lastError != null && me.role !== 'SELF' ? (
        <div className="banner bad">
          <Icon name="warn" />
          <p>{status.lastError}</p>
        </div>
      ) : null}
      {status?.stale && status.lastPollAt !== null ? (
        <div className="banner">
          <Icon name="warn" />
          <p>{t('banner.stale', { time: clockTimeWithSeconds(status.lastPollAt) })}</p>
        </div>
      ) : null}
      {status?.demo ? (
        <div className="banner">
          <p>{t('banner.demo')}</p>
        </div>
      ) : null}
    </div>
  );
}
