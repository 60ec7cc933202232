import { useCallback } from 'react';
import { AuditPageDocument } from '../../api/generated/pages/graphql.ts';
import { useHasRole } from '../../api/me.ts';
import { readOnce } from '../../api/read.ts';
import { actionGroups, actionName } from '../../audit/action-groups.ts';
import { ActorChoice } from '../../audit/actor-choice.tsx';
import { ExportMenu } from '../../export/export-menu.tsx';
import { Choices } from '../../lists/choices.tsx';
import { DayList } from '../../lists/day-list.tsx';
import { DayRange } from '../../lists/day-range.tsx';
import { pageOf } from '../../lists/page-of.ts';
import { usePages } from '../../lists/use-pages.ts';
import { UserChoice } from '../../lists/user-choice.tsx';
import { t } from '../../text/i18n.ts';
import { NoPermission } from '../../ui/no-permission.tsx';
import { AuditLine, type AuditRow } from './audit-line.tsx';
import { useAuditFilter } from './use-audit-filter.ts';
import { useUserNames } from './use-user-names.ts';

/** The columns of an export have the names of the API in each language, so that programs can read them. */
const HEADER = ['id', 'at', 'actor', 'action', 'userId', 'detail'];

const cells = ({ id, at, actor, action, userId, detail }: AuditRow) => [
  ...[id, at, actor, action, userId, detail],
];

/** Who changed what, the newest first. */
export default function Audit() {
  return useHasRole('ADMIN') ? <AuditLog /> : <NoPermission needed="ADMIN" />;
}

function AuditLog() {
  const { filter, ...chosen } = useAuditFilter();
  const readPage = useCallback(
    async (after: string | null, first: number, signal: AbortSignal) =>
      pageOf((await readOnce(AuditPageDocument, { filter, after, first }, signal)).auditLog),
    [filter],
  );
  const pages = usePages(readPage);
  const names = useUserNames();
  return (
    <>
      <div className="page-head">
        <h1>{t('nav.audit')}</h1>
        <div className="actions">
          <ExportMenu name="audit" header={HEADER} cells={cells} readPage={readPage} />
        </div>
      </div>
      <div className="log-filters">
        <Choices
          name={t('audit.actions')}
          groups={actionGroups()}
          textOf={actionName}
          chosen={chosen.actions}
          onChange={chosen.setActions}
        />
        <ActorChoice actor={chosen.actor} onChange={chosen.setActor} />
        <UserChoice userId={chosen.userId} onChange={chosen.setUserId} />
        <DayRange from={chosen.from} to={chosen.to} onFrom={chosen.setFrom} onTo={chosen.setTo} />
      </div>
      <section className="card">
        <DayList pages={pages} label={t('nav.audit')} empty={t('audit.none')}>
          {(row) => <AuditLine row={row} names={names} />}
        </DayList>
      </section>
    </>
  );
}
