import { useData } from '../api/client.ts';
import { UserNameDocument } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';

/** The name of a user of which only the id is known; empty: no user. */
export function useUserName(id: string): string {
  const { data } = useData(UserNameDocument, { id }, { pause: id === '', policy: 'cache-first' });
  return data?.user?.nickname || t('filter.userId', { id });
}

export const UserName = ({ id }: { readonly id: string }) => useUserName(id);
