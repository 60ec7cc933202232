import { useEffect, useState } from 'react';
import type { EventFilter } from '../../api/generated/pages/graphql.ts';
import { followEvents } from '../../live/event-feed.ts';

/** How many events that the filter selects have happened after a known one; null: nothing is known yet. */
export function useNewEvents(after: string | null, { types, userIds, to }: EventFilter): number {
  const [number, setNumber] = useState(0);
  useEffect(() => {
    setNumber(0);
    if (after === null) return;
    return followEvents({
      after,
      userIds: (userIds as string[] | null | undefined) ?? null,
      onEvent: ({ type, at }) => {
        const isSelected = (types ?? [type]).includes(type) && (to == null || at < to);
        if (isSelected) setNumber((before) => before + 1);
      },
      onError: () => {},
    });
  }, [after, types, userIds, to]);
  return number;
}
