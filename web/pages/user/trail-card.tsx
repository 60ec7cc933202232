import { useEffect } from 'react';
import { useData } from '../../api/client.ts';
import { UserTrailDocument } from '../../api/generated/pages/graphql.ts';
import { actionName } from '../../audit/action-groups.ts';
import { DetailText } from '../../audit/detail-text.tsx';
import { actorName } from '../../text/actor-name.ts';
import { t } from '../../text/i18n.ts';
import { Empty, Problem, Skeleton } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';

/** Who changed what of this user. */
export function TrailCard({ id, renewal }: { readonly id: string; readonly renewal: string }) {
  const { data, error, again } = useData(UserTrailDocument, { id });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `renewal` is what asks for a new read.
  useEffect(() => {
    if (data !== undefined) again();
  }, [renewal]);
  const entries = data?.auditLog.edges.map(({ node }) => node);
  return (
    <section className="card">
      <h2>{t('user.trail')}</h2>
      {error === undefined ? null : <Problem error={error} again={again} />}
      {entries === undefined && error === undefined ? <Skeleton /> : null}
      {entries?.length === 0 ? <Empty>{t('user.trail.none')}</Empty> : null}
      <ol className="feed scroll">
        {entries?.map(({ id: entryId, at, actor, action, detail }) => (
          <li key={entryId}>
            <strong className="small">{actorName(actor)}</strong>
            <span className="what">
              {actionName(action)} <DetailText detail={detail} />
            </span>
            <span className="small muted">
              <When at={at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
