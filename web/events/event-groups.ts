import type { EventType } from '../api/generated/first/graphql.ts';
import { t } from '../text/i18n.ts';

const GROUPS = {
  session: ['SESSION_STARTED', 'SESSION_ENDED', 'ENDPOINT_CHANGED'],
  user: [
    'USER_CREATED',
    'USER_UPDATED',
    'USER_ENABLED',
    'USER_DISABLED',
    'USER_EXPIRED',
    'USER_KICKED',
    'USER_DELETED',
  ],
  limit: ['QUOTA_WARNING', 'QUOTA_EXCEEDED', 'QUOTA_RESET', 'LIMIT_APPLIED', 'LIMIT_FAILED'],
  peer: ['PEER_ADDED', 'PEER_UPDATED', 'PEER_MISSING', 'PEER_REMOVED'],
  interface: ['INTERFACE_UP', 'INTERFACE_DOWN', 'INTERFACE_RELOADED'],
  record: ['TRAFFIC_RESET', 'COUNTER_RESET', 'MONITOR_GAP'],
} as const satisfies Record<string, readonly EventType[]>;

/** A type that is in no group would be missing from the menus; then this does not compile. */
type Missing = Exclude<EventType, (typeof GROUPS)[keyof typeof GROUPS][number]>;
const entries: Missing extends never ? typeof GROUPS : Missing = GROUPS;

/** The types of events as menus show them. */
export const eventGroups = () =>
  Object.entries(entries).map(([name, values]) => ({
    name: t(`events.group.${name as keyof typeof GROUPS}`),
    values: values as readonly EventType[],
  }));

const ALL: ReadonlySet<string> = new Set(Object.values(GROUPS).flat());

export const isEventType = (word: string): word is EventType => ALL.has(word);
