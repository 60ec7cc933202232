import { useEffect, useState } from 'react';
import { useData } from '../api/client.ts';
import { NewestEventsDocument } from '../api/generated/first/graphql.ts';
import { codeOf } from '../api/socket.ts';
import { type FeedEvent, followEvents } from '../live/event-feed.ts';

/** Of no connection, so they are never marked. */
const FIRST_READ = -1;

const NO_EVENTS: readonly FeedEvent[] = [];

export interface Feed {
  /** The newest first; null while they are loaded. */
  readonly events: readonly FeedEvent[] | null;
  readonly error: unknown;
}

/** The newest events and all that follow, without a gap between the two. */
export function useFeed(userId: string | null, first: number): Feed {
  const userIds = userId === null ? null : [userId];
  const { data, error, again } = useData(
    NewestEventsDocument,
    { first, userIds },
    { policy: 'network-only' },
  );
  const [kept, setKept] = useState<readonly FeedEvent[]>(NO_EVENTS);
  const [failure, setFailure] = useState<unknown>(null);
  const after = data && (data.events.edges[0]?.node.id ?? data.status.lastEventId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` is another function each time.
  useEffect(() => {
    if (after === undefined) return;
    return followEvents({
      after,
      userIds: userId === null ? null : [userId],
      onEvent: (event) => setKept((before) => [event, ...before].slice(0, first)),
      onError: (problem) => {
        // After a long absence, the log no longer has what follows the cursor: the list begins again.
        if (codeOf(problem) !== 'CURSOR_EXPIRED') return setFailure(problem);
        setKept(NO_EVENTS);
        again();
      },
    });
  }, [after, userId, first]);
  if (data === undefined) return { events: null, error: error ?? null };
  const stored = data.events.edges.map(({ node }) => ({ ...node, epoch: FIRST_READ }));
  return { events: [...kept, ...stored].slice(0, first), error: failure };
}
