import { useData } from '../../api/client.ts';
import { RetentionSettingsDocument } from '../../api/generated/pages/graphql.ts';
import { t } from '../../text/i18n.ts';
import { Problem, Skeleton } from '../../ui/states.tsx';

const KEPT = [
  ['quarterHoursDays', 'WGQL_KEEP_QUARTER_HOURS_DAYS'],
  ['hoursDays', 'WGQL_KEEP_HOURS_DAYS'],
  ['eventsDays', 'WGQL_KEEP_EVENTS_DAYS'],
  ['sessionsDays', 'WGQL_KEEP_SESSIONS_DAYS'],
] as const;

/** How long the record is kept, and which setting changes that. */
export function Retention() {
  const { data, error, again } = useData(RetentionSettingsDocument, {});
  if (error !== undefined && data === undefined) return <Problem error={error} again={again} />;
  return (
    <section className="card">
      <h2>{t('settings.retention')}</h2>
      <p className="prose">{t('retention.explained')}</p>
      {data === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <div className="table-wrap">
          <table className="stacked">
            <thead>
              <tr>
                <th scope="col">{t('retention.what')}</th>
                <th scope="col">{t('retention.kept')}</th>
                <th scope="col">{t('retention.setting')}</th>
              </tr>
            </thead>
            <tbody>
              {KEPT.map(([field, setting]) => (
                <tr key={field}>
                  <th scope="row">{t(`retention.${field}`)}</th>
                  <td data-label={t('retention.kept')}>{keptText(data.status.retention[field])}</td>
                  <td data-label={t('retention.setting')}>
                    <code>{setting}</code>
                  </td>
                </tr>
              ))}
              <tr>
                <th scope="row">{t('retention.days')}</th>
                <td data-label={t('retention.kept')}>{keptText(0)}</td>
                <td data-label={t('retention.setting')}>–</td>
              </tr>
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const keptText = (days: number): string =>
  days === 0 ? t('retention.forever') : t('retention.forDays', { count: days });
