import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { EditDialog } from '../../actions/edit-dialog.tsx';
import { nameOf, useActions } from '../../actions/use-actions.ts';
import { UserMenu } from '../../actions/user-menu.tsx';
import { useData } from '../../api/client.ts';
import { UserDetailsDocument } from '../../api/generated/pages/graphql.ts';
import { useHasRole } from '../../api/me.ts';
import { TrafficCard } from '../../charts/traffic-card.tsx';
import { FeedList } from '../../events/feed-list.tsx';
import { followPresence, usePresence } from '../../live/presence.ts';
import { followRates } from '../../live/rates.ts';
import { useSessions } from '../../sessions/use-sessions.ts';
import { t } from '../../text/i18n.ts';
import { startOfDay } from '../../text/times.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Empty, Problem, Skeleton } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';
import { AddressesCard } from './addresses-card.tsx';
import { Facts } from './facts.tsx';
import { LimitsCard } from './limits-card.tsx';
import { HEARTBEAT_DAYS, SessionsCard } from './sessions-card.tsx';
import { Summary } from './summary.tsx';
import { TrailCard } from './trail-card.tsx';

/** How often the figures are read again, beside what happens. */
const RENEW_MS = 10_000;

const DAY_MS = 86_400_000;

/** How often the bytes of an open session are read again. */
const SESSIONS_MS = 60_000;

/** Everything about one user. */
export default function User({ id }: { readonly id: string }) {
  const [, go] = useLocation();
  const canChange = useHasRole('OPERATOR');
  const isAdmin = useHasRole('ADMIN');
  const { enable } = useActions();
  const [isEditing, setIsEditing] = useState(false);
  const { data, error, again } = useData(UserDetailsDocument, { id });
  const presence = usePresence(id);
  const now = useNow(RENEW_MS);
  const from = new Date(startOfDay(now) - HEARTBEAT_DAYS * DAY_MS).toISOString();
  useEffect(() => followPresence([id]), [id]);
  useEffect(() => followRates([id]), [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again as time goes on, and when the user comes or goes.
  useEffect(() => {
    if (data !== undefined) again();
  }, [now, presence?.isOnline]);

  const { user } = data ?? {};
  const renewal = [
    ...[presence?.isOnline, user?.updatedAt, user?.session?.id, user?.endpoint],
    ...[user?.enforcement.applied, Math.floor(now / SESSIONS_MS)],
  ].join(' ');
  const sessions = useSessions(id, from, renewal);

  if (error !== undefined && data === undefined) return <Problem error={error} again={again} />;
  if (data === undefined) return <Skeleton lines={8} />;
  if (user == null) return <Empty>{t('user.unknown')}</Empty>;
  const isOnline = presence?.isOnline ?? user.isOnline;
  return (
    <>
      <div className="page-head">
        <span
          className={isOnline ? 'dot online' : 'dot'}
          role="img"
          aria-label={t(isOnline ? 'user.online' : 'user.offline')}
        />
        <h1>{nameOf(user)}</h1>
        <StateBadge user={user} />
        {user.tags.map((tag) => (
          <span key={tag} className="badge">
            {tag}
          </span>
        ))}
        {canChange ? (
          <div className="actions">
            <button type="button" onClick={() => void enable(user, !user.enabled)}>
              {t(user.enabled ? 'action.disable' : 'action.enable')}
            </button>
            <button type="button" className="primary" onClick={() => setIsEditing(true)}>
              {t('action.edit')}
            </button>
            <UserMenu user={user} onDeleted={() => go('/users')} />
          </div>
        ) : null}
      </div>
      <Summary user={user} isOnline={isOnline} />
      <div className="split">
        <div className="stack-5">
          <TrafficCard userId={id} />
          <SessionsCard id={id} from={from} read={sessions} renewal={renewal} />
        </div>
        <div className="stack-5">
          <LimitsCard user={user} />
          <Facts user={user} />
          <AddressesCard sessions={sessions.sessions} />
          <section className="card">
            <h2>{t('nav.events')}</h2>
            <FeedList userId={id} first={30} emptyText="events.none" />
          </section>
          {isAdmin ? <TrailCard id={id} renewal={renewal} /> : null}
        </div>
      </div>
      {isEditing ? <EditDialog user={user} onClose={() => setIsEditing(false)} /> : null}
    </>
  );
}
