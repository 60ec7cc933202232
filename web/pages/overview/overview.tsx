import { LiveDashboardDocument } from '../../api/generated/first/graphql.ts';
import { useLive } from '../../api/use-live.ts';
import { TrafficCard } from '../../charts/traffic-card.tsx';
import { FeedList } from '../../events/feed-list.tsx';
import { t } from '../../text/i18n.ts';
import { Attention } from './attention.tsx';
import { Figures } from './figures.tsx';
import { LiveThroughput } from './live-throughput.tsx';

const NONE = {};

/** Who is online, how much flows, and what needs attention. */
export default function Overview() {
  const dashboard = useLive(LiveDashboardDocument, NONE)?.dashboard ?? null;
  return (
    <>
      <h1 className="visually-hidden">{t('nav.overview')}</h1>
      <Figures dashboard={dashboard} />
      <div className="split overview">
        <div className="stack-5">
          <LiveThroughput dashboard={dashboard} />
          <TrafficCard userId={null} />
        </div>
        <div className="stack-5">
          <Attention />
          <section className="card">
            <h2>{t('events.live')}</h2>
            <FeedList userId={null} first={50} emptyText="events.none" />
          </section>
        </div>
      </div>
    </>
  );
}
