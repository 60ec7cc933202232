import { useEffect } from 'react';
import { useData } from '../../api/client.ts';
import { OwnUsersDocument } from '../../api/generated/pages/graphql.ts';
import { useMe } from '../../api/me.ts';
import { TrafficCard } from '../../charts/traffic-card.tsx';
import { followPresence } from '../../live/presence.ts';
import { followRates } from '../../live/rates.ts';
import { t } from '../../text/i18n.ts';
import { Empty, Problem, Skeleton } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Device } from './device.tsx';

const RENEW_MS = 10_000;

/** What someone sees of the own devices: what is used, what is left, and until when. */
export default function Self() {
  const me = useMe();
  const { data, error, again } = useData(OwnUsersDocument, {});
  const now = useNow(RENEW_MS);
  useEffect(() => followPresence(null), []);
  useEffect(() => followRates(null), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again as time goes on.
  useEffect(() => {
    if (data !== undefined) again();
  }, [now]);
  const users = data?.users.edges.map(({ node }) => node);
  return (
    <div className="self">
      <div className="page-head">
        <h1>{t('self.title', { owner: me.owner ?? me.name })}</h1>
      </div>
      {error === undefined ? null : <Problem error={error} again={again} />}
      {users === undefined && error === undefined ? <Skeleton lines={6} /> : null}
      {users?.length === 0 ? <Empty>{t('self.none')}</Empty> : null}
      <div className="columns">
        {users?.map((user) => (
          <Device key={user.id} user={user} />
        ))}
      </div>
      {users === undefined || users.length === 0 ? null : <TrafficCard userId={null} />}
    </div>
  );
}
