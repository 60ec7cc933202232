import type { ReactNode } from 'react';
import { t } from '../../text/i18n.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { When } from '../../ui/values.tsx';
import type { DetailedUser } from './summary.tsx';

/** What identifies the peer, and what is known of the person; only what there is. */
export function Facts({ user }: { readonly user: DetailedUser }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      t('field.publicKey'),
      <span key="key" className="with-unit">
        <code className="truncate" title={user.publicKey}>
          {user.publicKey}
        </code>
        <CopyButton text={user.publicKey} what={t('field.publicKey')} />
      </span>,
    ],
    [t('field.interface'), user.interface],
    [t('field.allowedIps'), user.allowedIps?.join(', ')],
    [t('users.column.endpoint'), user.endpoint],
    [t('field.keepalive'), user.persistentKeepalive && `${user.persistentKeepalive} s`],
    [t('field.owner'), user.owner],
    [t('field.mail'), user.mail],
    [t('field.phone'), user.phone],
    [t('field.note'), user.note],
    [t('field.createdAt'), <When key="created" at={user.createdAt} />],
    [t('field.updatedAt'), <When key="updated" at={user.updatedAt} />],
  ];
  return (
    <section className="card">
      <h2>{t('user.facts')}</h2>
      <dl className="facts">
        {facts
          .filter(([, value]) => value != null && value !== '' && value !== 0)
          .map(([name, value]) => (
            <div key={name} className="fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
