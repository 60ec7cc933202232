import type { EventLineFragment } from '../../api/generated/pages/graphql.ts';

/** The columns of an export have the names of the API in each language, so that programs can read them. */
export const EVENT_HEADER = [
  'id',
  'at',
  'type',
  'userId',
  'user',
  'interface',
  'endpoint',
  'reason',
  'actor',
];

export const eventCells = (event: EventLineFragment): readonly (string | null)[] => [
  event.id,
  event.at,
  event.type,
  event.userId,
  event.user?.nickname ?? null,
  event.interface,
  event.endpoint,
  event.reason,
  event.actor,
];
