import { useMemo } from 'react';
import type { AuditAction, AuditFilter } from '../../api/generated/pages/graphql.ts';
import { isAction } from '../../audit/action-groups.ts';
import { beginOfDay, endOfDay } from '../../text/days.ts';
import { useAddressState } from '../../ui/search-state.ts';

/** What the page selects, kept in its address. */
export function useAuditFilter() {
  const [words, setWords] = useAddressState('actions');
  const [actor, setActor] = useAddressState('actor');
  const [userId, setUserId] = useAddressState('user');
  const [from, setFrom] = useAddressState('from');
  const [to, setTo] = useAddressState('to');
  const actions = useMemo(() => words.split(',').filter(isAction), [words]);
  const filter = useMemo<AuditFilter>(
    () => ({
      actions: actions.length > 0 ? actions : null,
      actor: actor || null,
      userId: userId || null,
      from: beginOfDay(from)?.toISOString() ?? null,
      to: endOfDay(to)?.toISOString() ?? null,
    }),
    [actions, actor, userId, from, to],
  );
  return {
    filter,
    actions,
    setActions: (chosen: readonly AuditAction[]) => setWords(chosen.join(',')),
    actor,
    setActor,
    userId,
    setUserId,
    from,
    setFrom,
    to,
    setTo,
  };
}
