import { useState } from 'react';
import { ConfirmDialog } from '../../../actions/confirm-dialog.tsx';
import { useChange, useData } from '../../../api/client.ts';
import { RevokeTokenDocument, TokensDocument } from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Empty, Problem, Skeleton } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toasts.tsx';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { type TokenRow, TokenTable } from './token-table.tsx';

/** What programs and browsers identify themselves with. */
export default function Tokens() {
  const { data, error, again } = useData(TokensDocument, {});
  const revoke = useChange(RevokeTokenDocument);
  const [isCreating, setIsCreating] = useState(false);
  const [revoked, setRevoked] = useState<TokenRow | null>(null);
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('settings.tokens')}</h2>
        <button type="button" className="primary" onClick={() => setIsCreating(true)}>
          <Icon name="add" />
          {t('token.create')}
        </button>
      </div>
      <p className="prose muted">{t('token.explained')}</p>
      {error === undefined ? null : <Problem error={error} again={again} />}
      {data === undefined && error === undefined ? <Skeleton lines={5} /> : null}
      {data?.tokens.length === 0 ? <Empty>{t('token.none')}</Empty> : null}
      {data !== undefined && data.tokens.length > 0 ? (
        <TokenTable tokens={data.tokens} onRevoke={setRevoked} />
      ) : null}
      {isCreating ? (
        <CreateTokenDialog
          isFirst={data?.tokens.length === 0}
          onClose={() => setIsCreating(false)}
        />
      ) : null}
      {revoked === null ? null : (
        <ConfirmDialog
          title={t('token.revokeTitle', { name: revoked.name })}
          action={t('token.revoke')}
          onClose={() => setRevoked(null)}
          onConfirm={async () => {
            await revoke({ id: revoked.id });
            toast({ text: t('token.revokedNow', { name: revoked.name }) });
          }}
        >
          <p>{t('token.revokeExplained')}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
