import type { Role } from '../api/generated/first/graphql.ts';
import { t } from '../text/i18n.ts';
import { Empty } from './states.tsx';

/** In the place of a page that the role may not see, for those who come by its address. */
export const NoPermission = ({ needed }: { readonly needed: Role }) => (
  <Empty>{t('state.noPermission', { role: t(`role.${needed}`) })}</Empty>
);
