import { useMemo } from 'react';
import type { EventFilter, EventType } from '../../api/generated/pages/graphql.ts';
import { isEventType } from '../../events/event-groups.ts';
import { beginOfDay, endOfDay } from '../../text/days.ts';
import { useAddressState } from '../../ui/search-state.ts';

/** What the page selects, kept in its address. */
export function useEventFilter() {
  const [words, setWords] = useAddressState('types');
  const [userId, setUserId] = useAddressState('user');
  const [from, setFrom] = useAddressState('from');
  const [to, setTo] = useAddressState('to');
  const types = useMemo(() => words.split(',').filter(isEventType), [words]);
  const filter = useMemo<EventFilter>(
    () => ({
      types: types.length > 0 ? types : null,
      userIds: userId === '' ? null : [userId],
      from: beginOfDay(from)?.toISOString() ?? null,
      to: endOfDay(to)?.toISOString() ?? null,
    }),
    [types, userId, from, to],
  );
  return {
    filter,
    types,
    setTypes: (chosen: readonly EventType[]) => setWords(chosen.join(',')),
    userId,
    setUserId,
    from,
    setFrom,
    to,
    setTo,
  };
}
