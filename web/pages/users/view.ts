import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { UserFilter, UserOrder, UserOrderField } from '../../api/generated/pages/graphql.ts';
import { serverNow } from '../../api/server-clock.ts';

/** The lists that one click shows. */
export const PRESETS = [
  ...(['online', 'offline', 'disabled', 'expiring', 'overQuota'] as const),
  ...(['missing', 'pending', 'never'] as const),
] as const;
export type Preset = (typeof PRESETS)[number];

export const COLUMNS = [
  ...(['rate', 'today', 'total', 'quota', 'lastSeen', 'expires'] as const),
  ...(['bandwidth', 'owner', 'tags', 'interface', 'endpoint'] as const),
] as const;
export type Column = (typeof COLUMNS)[number];

const SHOWN_AT_FIRST: readonly Column[] = [
  ...(['rate', 'today', 'total', 'quota', 'lastSeen', 'expires', 'owner', 'tags'] as const),
];

/** What the role viewer may not see. */
export const PERSONAL: ReadonlySet<Column> = new Set<Column>(['owner', 'tags', 'endpoint']);

/** The order that a click on the head of a column asks for. */
export const ORDER_OF: Partial<Record<Column | 'name', UserOrderField>> = {
  name: 'NICKNAME',
  rate: 'RATE',
  today: 'TODAY',
  total: 'TOTAL_TX',
  quota: 'QUOTA_USED',
  lastSeen: 'LAST_SEEN',
  expires: 'EXPIRES_AT',
};

const WEEK_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;

/** What the page shows, all of which is in its address. */
export interface View {
  readonly search: string;
  readonly preset: Preset | null;
  readonly tag: string;
  readonly owner: string;
  readonly interface: string;
  readonly order: UserOrder;
  readonly columns: readonly Column[];
}

export type ChangeView = (part: Partial<View>) => void;

export function useView(): [View, ChangeView] {
  const [params, setParams] = useSearchParams();
  const view = useMemo(() => viewOf(params), [params]);
  const change: ChangeView = (part) => setParams(paramsOf({ ...view, ...part }), { replace: true });
  return [view, change];
}

function viewOf(params: URLSearchParams): View {
  const [, isDescending, name] = /^(-?)(\w+)$/.exec(params.get('sort') ?? '') ?? [];
  const field = Object.values(ORDER_OF).find((one) => one === name) ?? 'NICKNAME';
  const columns = params.get('columns')?.split(',');
  return {
    search: params.get('q') ?? '',
    preset: PRESETS.find((one) => one === params.get('show')) ?? null,
    tag: params.get('tag') ?? '',
    owner: params.get('owner') ?? '',
    interface: params.get('interface') ?? '',
    order: { field, descending: isDescending === '-' },
    columns: COLUMNS.filter((one) => (columns ?? SHOWN_AT_FIRST).includes(one)),
  };
}

function paramsOf(view: View): URLSearchParams {
  const { field, descending } = view.order;
  const sort = `${descending ? '-' : ''}${field}`;
  const columns = view.columns.join(',');
  const all = {
    q: view.search,
    show: view.preset ?? '',
    tag: view.tag,
    owner: view.owner,
    interface: view.interface,
    sort: sort === 'NICKNAME' ? '' : sort,
    columns: columns === SHOWN_AT_FIRST.join(',') ? '' : columns,
  };
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The filter of the API for what is shown. */
export function filterOf(view: View): UserFilter {
  const hour = Math.floor(serverNow() / HOUR_MS) * HOUR_MS;
  const ofPreset: Record<Preset, UserFilter> = {
    online: { online: true },
    offline: { online: false },
    disabled: { enabled: false },
    expiring: { expiresBefore: new Date(hour + WEEK_MS).toISOString() },
    overQuota: { overQuota: true },
    missing: { enforcement: 'MISSING' },
    pending: { enforcement: 'PENDING' },
    never: { neverConnected: true },
  };
  return {
    ...(view.preset && ofPreset[view.preset]),
    ...(view.search !== '' && { search: view.search }),
    ...(view.tag !== '' && { tag: view.tag }),
    ...(view.owner !== '' && { owner: view.owner }),
    ...(view.interface !== '' && { interface: view.interface }),
  };
}
