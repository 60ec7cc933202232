import type { UserRowFragment } from '../api/generated/pages/graphql.ts';
import { type MessageId, t } from '../text/i18n.ts';

export type StatedUser = Pick<UserRowFragment, 'enabled' | 'managed' | 'enforcement'>;

/** Why a user cannot connect, or why a limit is not in force; nothing if all is as it should be. */
export function StateBadge({ user }: { readonly user: StatedUser }) {
  const { applied, reason, lastError } = user.enforcement;
  if (applied === 'MISSING' || applied === 'PENDING') {
    return (
      <span className="badge bad" title={lastError ?? undefined}>
        {t(`enforcement.${applied}`)}
      </span>
    );
  }
  if (reason != null) return <span className="badge warn">{t(`cut.${reason}` as MessageId)}</span>;
  if (!user.enabled) return <span className="badge">{t('cut.DISABLED')}</span>;
  return user.managed ? null : <span className="badge">{t('user.unmanaged')}</span>;
}
