import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.ts';
import type { Api } from '../api/api.ts';
import { EVENT_FIELDS, type ShownEvent } from './event.ts';

const PAGE = `query ($after: String, $filter: EventFilter) {
  events(first: 100, after: $after, filter: $filter) {
    edges { node { ${EVENT_FIELDS} } } pageInfo { endCursor hasNextPage }
  }
}`;

const FOLLOW = `subscription ($after: ID, $userIds: [ID!]) {
  events(after: $after, userIds: $userIds) { ${EVENT_FIELDS} }
}`;

interface EventPage {
  readonly events: {
    readonly edges: readonly { readonly node: ShownEvent }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

export interface EventFilter {
  readonly from: Date;
  readonly userIds?: readonly string[];
}

/** The logged events, oldest first. */
export async function* loggedEvents(
  api: Api,
  filter: EventFilter,
): AsyncGenerator<ShownEvent, void> {
  let after: string | null = null;
  for (let isLast = false; !isLast; ) {
    const { events }: EventPage = await api.ask<EventPage>(PAGE, { filter, after });
    for (const { node } of events.edges) yield node;
    after = events.pageInfo.endCursor ?? after;
    isLast = !events.pageInfo.hasNextPage;
  }
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Each event after `after`, once, until the signal is aborted. After a lost connection, or while no server runs, it tries
 * again and continues where it was.
 */
export async function* liveEvents(
  api: Api,
  { after, userIds }: { readonly after: string | null; readonly userIds?: readonly string[] },
  stop: AbortSignal,
): AsyncGenerator<ShownEvent, void> {
  let last = after;
  let pauseMs = 0;
  while (!stop.aborted) {
    try {
      for await (const { events } of api.follow<{ events: ShownEvent }>(
        FOLLOW,
        { after: last, userIds },
        stop,
      )) {
        last = events.id;
        pauseMs = 0;
        yield events;
      }
    } catch (error) {
      if (stop.aborted) return;
      if (!isLost(error)) throw error;
    }
    pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, pauseMs * 2), LONGEST_PAUSE_MS);
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => {});
  }
}

/** Whether the server may have restarted, or ended the subscription because it was read too slowly. */
function isLost(error: unknown): boolean {
  if (!(error instanceof AppError)) return true;
  return error.code === 'UNAVAILABLE' || error.code === 'SLOW_CONSUMER';
}
