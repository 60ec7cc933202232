import { useEffect, useState, useSyncExternalStore } from 'react';
import { connection } from '../../api/connection.ts';
import { serverNow } from '../../api/server-clock.ts';
import { Throughput, type ThroughputPoint } from '../../charts/throughput.tsx';
import { t } from '../../text/i18n.ts';
import { Received, Sent } from '../../ui/figure.tsx';
import { BitRate } from '../../ui/values.tsx';
import type { Dashboard } from './figures.tsx';

/** More than the window of the chart has at the shortest poll interval. */
const MAX_POINTS = 1_500;

/** Also while nothing changes the chart moves on. */
const MOVE_MS = 1_000;

/** The rates since the page was opened, at most the last minutes. */
export function LiveThroughput({ dashboard }: { readonly dashboard: Dashboard | null }) {
  const [points, setPoints] = useState<readonly ThroughputPoint[]>([]);
  const rx = dashboard?.rxBytesPerSecond;
  const tx = dashboard?.txBytesPerSecond;
  const { state } = useSyncExternalStore(connection.subscribe, connection.get);
  useEffect(() => {
    if (rx === undefined || tx === undefined) return;
    const rates = state === 'live' ? { rx, tx } : { rx: null, tx: null };
    const add = () =>
      setPoints((before) => [...before.slice(1 - MAX_POINTS), { atMs: serverNow(), ...rates }]);
    add();
    const timer = setInterval(add, MOVE_MS);
    return () => clearInterval(timer);
  }, [rx, tx, state]);
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('overview.throughput')}</h2>
        {rx === undefined || tx === undefined ? null : (
          <div className="row small">
            <Sent>
              {t('traffic.sent')} <BitRate bytesPerSecond={tx} />
            </Sent>
            <Received>
              {t('traffic.received')} <BitRate bytesPerSecond={rx} />
            </Received>
          </div>
        )}
      </div>
      <Throughput points={points} />
    </section>
  );
}
