import { Link } from 'wouter';
import type { AuditPageQuery } from '../../api/generated/pages/graphql.ts';
import { actionName } from '../../audit/action-groups.ts';
import { DetailText } from '../../audit/detail-text.tsx';
import { actorName } from '../../text/actor-name.ts';
import { t } from '../../text/i18n.ts';
import type { UserNames } from './use-user-names.ts';

export type AuditRow = AuditPageQuery['auditLog']['edges'][number]['node'];

/** What was done, to whom, and by whom. */
export function AuditLine({ row, names }: { readonly row: AuditRow; readonly names: UserNames }) {
  return (
    <>
      <span className={row.action === 'deleteUserFailed' ? 'badge bad' : 'badge'}>
        {actionName(row.action)}
      </span>
      <span className="what">
        {row.userId === null ? null : <Subject id={row.userId} names={names} />}{' '}
        <DetailText detail={row.detail} />
      </span>
      <span className="who muted small">{t('event.by', { actor: actorName(row.actor) })}</span>
    </>
  );
}

function Subject({ id, names }: { readonly id: string; readonly names: UserNames }) {
  const name = names.of(id);
  if (name === undefined && names.isComplete) {
    return <span className="muted">{t('event.deletedUser', { id })}</span>;
  }
  return <Link href={`/users/${id}`}>{name || t('filter.userId', { id })}</Link>;
}
