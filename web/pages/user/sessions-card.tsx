import { useEffect, useMemo } from 'react';
import { useData } from '../../api/client.ts';
import { UserRoamingDocument } from '../../api/generated/pages/graphql.ts';
import { useGaps } from '../../charts/use-gaps.ts';
import { onlineDays } from '../../sessions/days.ts';
import { Heartbeat } from '../../sessions/heartbeat.tsx';
import { SessionTable } from '../../sessions/session-table.tsx';
import { Timeline } from '../../sessions/timeline.tsx';
import type { Sessions } from '../../sessions/use-sessions.ts';
import { t } from '../../text/i18n.ts';
import { startOfDay } from '../../text/times.ts';
import { Empty, Problem, Skeleton } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';

/** How many days the page looks back. */
export const HEARTBEAT_DAYS = 90;
const LINES = 7;
const DAY_MS = 86_400_000;

/** More would only make the page long; all are in the timeline and in the heartbeat. */
const MAX_ROWS = 200;

export interface SessionsCardProps {
  readonly id: string;
  readonly from: string;
  readonly read: Sessions;
  /** Read again when it changes. */
  readonly renewal: string;
}

/** When the user was online: the last 90 days at a glance, the last week hour by hour, and each session. */
export function SessionsCard({ id, from, read, renewal }: SessionsCardProps) {
  const { sessions, isLoading, error } = read;
  const now = useNow(30_000);
  const week = new Date(startOfDay(now) - LINES * DAY_MS).toISOString();
  const roaming = useData(UserRoamingDocument, { id, from: week, to: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `renewal` is what asks for a new read.
  useEffect(() => {
    if (roaming.data !== undefined) roaming.again();
  }, [renewal]);
  const times = useMemo(() => ({ from, to: null }), [from]);
  const { gaps } = useGaps(times);
  const days = useMemo(
    () => onlineDays(sessions, { days: HEARTBEAT_DAYS, nowMs: now, gaps, startOfDay }),
    [sessions, now, gaps],
  );
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('sessions.title')}</h2>
        <span className="small muted">{t('heartbeat.range', { days: HEARTBEAT_DAYS })}</span>
      </div>
      {error === null ? null : <Problem error={error} />}
      {isLoading ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <Heartbeat days={days} />
          <Timeline
            days={days.slice(-LINES).reverse()}
            sessions={sessions}
            roaming={roaming.data?.events.edges.map(({ node }) => node) ?? []}
            nowMs={now}
          />
          {sessions.length === 0 ? (
            <Empty>{t('sessions.none')}</Empty>
          ) : (
            <SessionTable sessions={sessions.slice(0, MAX_ROWS)} nowMs={now} />
          )}
        </>
      )}
    </section>
  );
}
