import type { TokensQuery } from '../../../api/generated/pages/graphql.ts';
import { serverNow } from '../../../api/server-clock.ts';
import { actorName } from '../../../text/actor-name.ts';
import { t } from '../../../text/i18n.ts';
import { Ago } from '../../../ui/values.tsx';

export type TokenRow = TokensQuery['tokens'][number];

export interface TokenTableProps {
  readonly tokens: readonly TokenRow[];
  readonly onRevoke: (token: TokenRow) => void;
}

/** The tokens in force first, then those that ended. */
export function TokenTable({ tokens, onRevoke }: TokenTableProps) {
  const sorted = [...tokens].sort(
    (a, b) => Number(stateOf(b) === 'valid') - Number(stateOf(a) === 'valid'),
  );
  return (
    <div className="table-wrap">
      <table className="stacked">
        <thead>
          <tr>
            <th scope="col">{t('token.name')}</th>
            <th scope="col">{t('token.role')}</th>
            <th scope="col">{t('token.state')}</th>
            <th scope="col">{t('token.lastUsed')}</th>
            <th scope="col">{t('token.expires')}</th>
            <th scope="col">{t('token.allowedFrom')}</th>
            <th scope="col">{t('token.created')}</th>
            <th>
              <span className="visually-hidden">{t('token.revoke')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((token) => (
            <Row key={token.id} token={token} onRevoke={onRevoke} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({
  token,
  onRevoke,
}: { readonly token: TokenRow } & Pick<TokenTableProps, 'onRevoke'>) {
  const state = stateOf(token);
  const { name, role, owner, lastUsedAt, expiresAt, allowedFrom, createdAt, createdBy } = token;
  return (
    <tr className={state === 'valid' ? undefined : 'ended'}>
      <th scope="row">{name}</th>
      <td data-label={t('token.role')}>
        <span className="badge">{t(`role.${role}`)}</span>
        {owner === null ? null : <span className="muted small"> {owner}</span>}
      </td>
      <td data-label={t('token.state')}>
        <span className={state === 'valid' ? 'badge good' : 'badge'}>{t(`token.${state}`)}</span>
      </td>
      <td data-label={t('token.lastUsed')}>
        {lastUsedAt === null ? t('token.never') : <Ago at={lastUsedAt} />}
      </td>
      <td data-label={t('token.expires')}>
        {expiresAt === null ? t('token.never') : <Ago at={expiresAt} />}
      </td>
      <td data-label={t('token.allowedFrom')}>
        {allowedFrom === null ? t('token.anywhere') : allowedFrom.join(', ')}
      </td>
      <td data-label={t('token.created')}>
        <Ago at={createdAt} />
        <span className="muted small"> {t('event.by', { actor: actorName(createdBy) })}</span>
      </td>
      <td className="end">
        {state === 'revoked' ? null : (
          <button type="button" className="danger" onClick={() => onRevoke(token)}>
            {t('token.revoke')}
          </button>
        )}
      </td>
    </tr>
  );
}

function stateOf({ revokedAt, expiresAt }: TokenRow): 'valid' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= serverNow() ? 'expired' : 'valid';
}
