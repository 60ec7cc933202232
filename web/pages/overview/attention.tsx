import { type ReactNode, useEffect, useMemo } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/client.ts';
import { AttentionDocument } from '../../api/generated/first/graphql.ts';
import { useHasRole } from '../../api/me.ts';
import { useStatus } from '../../live/status.ts';
import { t } from '../../text/i18n.ts';
import { percent } from '../../text/numbers.ts';
import { startOfDay } from '../../text/times.ts';
import { Empty, Problem, Skeleton } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Ago } from '../../ui/values.tsx';

/** Seven days after today. */
const WEEK_MS = 8 * 86_400_000;
const RENEW_MS = 15_000;

/** From this share on, the server warns of a quota as well. */
const ALMOST = 0.8;

/** Of which lists there can be more, and where the rest is. */
const MORE = [
  ['missing', 'missing', 'bad'],
  ['pending', 'pending', 'bad'],
  ['expiring', 'expiring', 'warn'],
] as const;

interface Point {
  readonly key: string;
  readonly weight: 'bad' | 'warn';
  readonly badge: string;
  readonly content: ReactNode;
}

/** What an operator should look at first: the worst on top, nothing if all is well. */
export function Attention() {
  const isAdmin = useHasRole('ADMIN');
  const now = useNow(RENEW_MS);
  const status = useStatus();
  // Of the day, so that reading it again asks for the same. Who expired today is known by the events.
  const today = startOfDay(now);
  const variables = useMemo(
    () => ({
      now: new Date(today).toISOString(),
      soon: new Date(today + WEEK_MS).toISOString(),
      isAdmin,
    }),
    [today, isAdmin],
  );
  const { data, error, again } = useData(AttentionDocument, variables);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again as time goes on, and when something happened.
  useEffect(() => {
    if (data !== undefined) again();
  }, [now, status?.missingUsers, status?.lastError]);

  const points = useMemo<readonly Point[]>(() => {
    if (data === undefined) return [];
    const down = (status?.interfaces ?? [])
      .filter(({ up }) => !up)
      .map(({ name }) => point('bad', `down ${name}`, t('attention.down'), name));
    const missing = data.missing.edges.map(({ node }) =>
      point('bad', `missing ${node.id}`, t('attention.missing'), <UserLink user={node} />),
    );
    const failing = data.failures.edges
      .filter(
        ({ node }, index, all) =>
          node.type === 'LIMIT_FAILED' &&
          // The newest result for a user counts.
          all.findIndex(({ node: other }) => other.user?.id === node.user?.id) === index,
      )
      .map(({ node }) =>
        point(
          'bad',
          `failed ${node.id}`,
          t('attention.limitFailed'),
          <>
            {node.user === null ? null : <UserLink user={node.user} />}{' '}
            <span className="muted small">{node.reason}</span>
          </>,
        ),
      );
    const pending = data.pending.edges.map(({ node }) =>
      point(
        'bad',
        `pending ${node.id}`,
        t('attention.pending'),
        <>
          <UserLink user={node} /> <span className="muted small">{node.enforcement.lastError}</span>
        </>,
      ),
    );
    const webhooks = (data.webhooks ?? [])
      .filter(({ disabledReason }) => disabledReason !== null && disabledReason !== 'REQUESTED')
      .map(({ id, url }) =>
        point(
          'bad',
          `webhook ${id}`,
          t('attention.webhook'),
          <Link href="/settings/webhooks">{new URL(url).host}</Link>,
        ),
      );
    const full = data.almostUsedUp.edges
      .map(({ node }) => ({ node, share: Number(node.quota.used) / Number(node.quota.limit) }))
      .filter(({ node, share }) => node.quota.limit !== null && share >= ALMOST)
      .map(({ node, share }) =>
        point(
          'warn',
          `quota ${node.id}`,
          t(share >= 1 ? 'attention.quotaUsedUp' : 'attention.quota'),
          <>
            <UserLink user={node} />{' '}
            <span className="muted small">{t('attention.used', { share: percent(share) })}</span>
          </>,
        ),
      );
    const expiring = data.expiring.edges
      .filter(({ node }) => Date.parse(node.expiresAt ?? '') > now)
      .map(({ node }) =>
        point(
          'warn',
          `expires ${node.id}`,
          t('attention.expiring'),
          <>
            <UserLink user={node} />{' '}
            <span className="muted small">
              {node.expiresAt === null ? null : <Ago at={node.expiresAt} />}
            </span>
          </>,
        ),
      );
    const more = MORE.flatMap(([list, show, weight]) => {
      const { edges, totalCount } = data[list];
      const rest = totalCount - edges.length;
      if (rest === 0) return [];
      return [
        point(
          weight,
          `more ${list}`,
          t(`attention.${list}`),
          <Link key={list} href={`/users?show=${show}`}>
            {t('attention.more', { count: rest })}
          </Link>,
        ),
      ];
    });
    const bad = [...down, ...missing, ...failing, ...pending, ...webhooks];
    const [badMore, warnMore] = ['bad', 'warn'].map((each) =>
      more.filter(({ weight }) => weight === each),
    );
    return [...bad, ...(badMore ?? []), ...full, ...expiring, ...(warnMore ?? [])];
  }, [data, status, now]);

  return (
    <section className="card attention-card">
      <h2>{t('attention.title')}</h2>
      {error === undefined ? null : <Problem error={error} again={again} />}
      {data === undefined && error === undefined ? <Skeleton /> : null}
      {data !== undefined && points.length === 0 ? <Empty>{t('attention.none')}</Empty> : null}
      <ul className="attention">
        {points.map(({ key, weight, badge, content }) => (
          <li key={key}>
            <span className={`badge ${weight}`}>{badge}</span>
            <span className="what">{content}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const point = (weight: Point['weight'], key: string, badge: string, content: ReactNode): Point => ({
  key,
  weight,
  badge,
  content,
});

function UserLink({ user }: { readonly user: { readonly id: string; readonly nickname: string } }) {
  return <Link href={`/users/${user.id}`}>{user.nickname || user.id}</Link>;
}
