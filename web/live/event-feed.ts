import { connection } from '../api/connection.ts';
import { type EventLineFragment, LiveEventsDocument } from '../api/generated/first/graphql.ts';
import { subscribe } from '../api/socket.ts';

export interface FeedEvent extends EventLineFragment {
  /** The connection during which it was received. */
  readonly epoch: number;
}

export interface FeedOptions {
  /** The newest event that is known already; the feed begins after it. */
  readonly after: string;
  /** null: the events of everything. */
  readonly userIds: readonly string[] | null;
  readonly onEvent: (event: FeedEvent) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Follows the event log after a known event until the returned function is called. After a lost connection it continues
 * behind the last event that was received, so that none is missing and none comes twice.
 */
export function followEvents({ after, userIds, onEvent, onError }: FeedOptions): () => void {
  let last = after;
  const variables = {
    get after() {
      return last;
    },
    userIds: userIds as string[] | null,
  };
  return subscribe(LiveEventsDocument, variables, {
    onError,
    onData: ({ events: event }) => {
      if (BigInt(event.id) <= BigInt(last)) return;
      last = event.id;
      onEvent({ ...event, epoch: connection.get().epoch });
    },
  });
}

/** Whether an event happened in the absence before the connection during which it was received. */
export function wasAway({ at, epoch }: Pick<FeedEvent, 'at' | 'epoch'>): boolean {
  const absence = connection.get().absences.get(epoch);
  const ms = Date.parse(at);
  return absence !== undefined && ms >= absence.fromMs && ms <= absence.toMs;
}
