import type { InterfaceDetailsFragment } from '../../api/generated/pages/graphql.ts';
import { t } from '../../text/i18n.ts';

/** For roles that may not change them. */
export function ClientDefaultsList({
  defaults: { endpoint, dns, allowedIps, mtu, keepalive },
}: {
  readonly defaults: InterfaceDetailsFragment['clientDefaults'];
}) {
  return (
    <dl className="facts">
      <dt>{t('defaults.endpoint')}</dt>
      <dd>{endpoint ?? t('defaults.endpoint.auto')}</dd>
      <dt>{t('defaults.dns')}</dt>
      <dd>{dns.join(', ') || '–'}</dd>
      <dt>{t('defaults.allowedIps')}</dt>
      <dd>{allowedIps.join(', ')}</dd>
      <dt>{t('defaults.mtu')}</dt>
      <dd>{mtu ?? t('defaults.mtu.auto')}</dd>
      <dt>{t('defaults.keepalive')}</dt>
      <dd>{keepalive}</dd>
    </dl>
  );
}
