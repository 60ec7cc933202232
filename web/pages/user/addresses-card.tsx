import { useMemo } from 'react';
import { type AddressUse, addressesOf } from '../../sessions/addresses.ts';
import { t } from '../../text/i18n.ts';
import { Ago } from '../../ui/values.tsx';

/** From where the user connected, as far as the reader may see it. */
export function AddressesCard({ sessions }: { readonly sessions: readonly AddressUse[] }) {
  const addresses = useMemo(() => addressesOf(sessions), [sessions]);
  if (addresses.length === 0) return null;
  return (
    <section className="card">
      <h2>{t('user.addresses')}</h2>
      <ol className="feed scroll">
        {addresses.map(({ address, sessions: number, lastAt }) => (
          <li key={address}>
            <code>{address}</code>
            <span className="muted small">{t('user.addressSessions', { count: number })}</span>
            <span className="muted small">
              <Ago at={lastAt} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
