import { useState } from 'react';
import { ConfirmDialog } from '../../../actions/confirm-dialog.tsx';
import { accessEnded } from '../../../api/access.ts';
import { useChange, useData } from '../../../api/client.ts';
import {
  EndLoginDocument,
  LoginsDocument,
  type LoginsQuery,
} from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';
import { Empty, Problem, Skeleton } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toasts.tsx';
import { Ago } from '../../../ui/values.tsx';

type Login = LoginsQuery['logins'][number];

/** The browsers that are logged in. */
export default function Logins() {
  const { data, error, again } = useData(LoginsDocument, {});
  const end = useChange(EndLoginDocument);
  const [ending, setEnding] = useState<Login | null>(null);
  return (
    <section className="card">
      <h2>{t('settings.logins')}</h2>
      <p className="prose muted">{t('login.listExplained')}</p>
      {error === undefined ? null : <Problem error={error} again={again} />}
      {data === undefined && error === undefined ? <Skeleton lines={4} /> : null}
      {data?.logins.length === 0 ? <Empty>{t('login.none')}</Empty> : null}
      {data !== undefined && data.logins.length > 0 ? (
        <div className="table-wrap">
          <table className="stacked">
            <thead>
              <tr>
                <th scope="col">{t('login.token')}</th>
                <th scope="col">{t('login.address')}</th>
                <th scope="col">{t('login.since')}</th>
                <th scope="col">{t('login.until')}</th>
                <th>
                  <span className="visually-hidden">{t('login.end')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.logins.map((login) => (
                <tr key={login.id}>
                  <th scope="row">
                    {login.token}{' '}
                    {login.isCurrent ? (
                      <span className="badge good">{t('login.current')}</span>
                    ) : null}
                  </th>
                  <td data-label={t('login.address')}>{login.address ?? '–'}</td>
                  <td data-label={t('login.since')}>
                    <Ago at={login.createdAt} />
                  </td>
                  <td data-label={t('login.until')}>
                    <Ago at={login.expiresAt} />
                  </td>
                  <td className="end">
                    <button type="button" className="danger" onClick={() => setEnding(login)}>
                      {t('login.end')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {ending === null ? null : (
        <ConfirmDialog
          title={t('login.endTitle', { token: ending.token })}
          action={t('login.end')}
          onClose={() => setEnding(null)}
          onConfirm={async () => {
            await end({ id: ending.id });
            if (ending.isCurrent) accessEnded();
            else toast({ text: t('login.ended') });
          }}
        >
          <p>{t(ending.isCurrent ? 'login.endCurrent' : 'login.endExplained')}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
