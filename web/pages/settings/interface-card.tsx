import type { InterfaceDetailsFragment } from '../../api/generated/pages/graphql.ts';
import { useHasRole } from '../../api/me.ts';
import { useStatus } from '../../live/status.ts';
import { t } from '../../text/i18n.ts';
import { count } from '../../text/numbers.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Received, Sent } from '../../ui/figure.tsx';
import { Bytes, When } from '../../ui/values.tsx';
import { ClientDefaultsForm } from './client-defaults-form.tsx';
import { ClientDefaultsList } from './client-defaults-list.tsx';

/** An interface as WireGuard has it, and the defaults of its new clients. */
export function InterfaceCard({ details }: { readonly details: InterfaceDetailsFragment }) {
  const canEdit = useHasRole('OPERATOR');
  const live = useStatus()?.interfaces.find(({ id }) => id === details.id) ?? details;
  const { name, publicKey, listenPort, addresses, rx, tx } = details;
  return (
    <section className="card" aria-label={name}>
      <div className="card-head">
        <h2>{name}</h2>
        <span className={live.up ? 'badge good' : 'badge bad'}>
          {t(live.up ? 'interface.up' : 'interface.down')}
        </span>
      </div>
      <dl className="facts">
        <dt>{t('interface.port')}</dt>
        <dd>{listenPort ?? '–'}</dd>
        <dt>{t('interface.publicKey')}</dt>
        <dd>
          {publicKey === null ? (
            '–'
          ) : (
            <span className="with-copy">
              <code>{publicKey}</code>
              <CopyButton text={publicKey} what={t('interface.publicKey')} />
            </span>
          )}
        </dd>
        <dt>{t('interface.addresses')}</dt>
        <dd>{addresses.join(', ') || '–'}</dd>
        <dt>{t('interface.peers')}</dt>
        <dd>
          {t('interface.peersOnline', {
            peers: count(live.peerCount),
            online: count(live.onlineCount),
          })}
        </dd>
        <dt>{t('interface.traffic')}</dt>
        <dd className="row">
          <Sent>
            <Bytes value={tx} />
          </Sent>
          <Received>
            <Bytes value={rx} />
          </Received>
        </dd>
        <dt>{t('interface.lastRead')}</dt>
        <dd>
          <When at={live.lastReadAt} />
        </dd>
      </dl>
      <div className="card-part">
        <h3>{t('defaults.title')}</h3>
        <p className="muted small">
          {t('defaults.explained')} {canEdit ? t('defaults.empty') : null}
        </p>
        {canEdit ? (
          <ClientDefaultsForm details={details} />
        ) : (
          <ClientDefaultsList defaults={details.clientDefaults} />
        )}
      </div>
    </section>
  );
}
