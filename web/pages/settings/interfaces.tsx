import { useData } from '../../api/client.ts';
import { InterfacesDocument } from '../../api/generated/pages/graphql.ts';
import { t } from '../../text/i18n.ts';
import { Empty, Problem, Skeleton } from '../../ui/states.tsx';
import { InterfaceCard } from './interface-card.tsx';

/** The WireGuard interfaces, and what new clients of them get. */
export function Interfaces() {
  const { data, error, again } = useData(InterfacesDocument, {});
  if (data === undefined) {
    return error === undefined ? <Skeleton lines={8} /> : <Problem error={error} again={again} />;
  }
  const { interfaces } = data.status;
  if (interfaces.length === 0) return <Empty>{t('interface.none')}</Empty>;
  return (
    <div className="columns">
      {interfaces.map((each) => (
        <InterfaceCard key={each.id} details={each} />
      ))}
    </div>
  );
}
