import type { eventStore } from '../event.ts';
import type { WholeList } from '../lists/whole-list.ts';
import type { SessionOfUser, wholeSessions } from '../lists/whole-sessions.ts';
import type { sessionStore } from '../session.ts';
import type { OwnIds } from './users.ts';

type Sessions = ReturnType<typeof sessionStore>;
type Events = ReturnType<typeof eventStore>;
type WholeSessions = ReturnType<typeof wholeSessions>;

/** A filter that also selects only the owner's users. */
async function narrowed<Filter extends { readonly userIds?: readonly number[] }>(
  ownIds: OwnIds,
  filter: Filter,
): Promise<Filter & { readonly userIds: readonly number[] }> {
  const own = await ownIds();
  const { userIds = own } = filter;
  const wanted = new Set(own);
  return { ...filter, userIds: userIds.filter((id) => wanted.has(id)) };
}

/** Those of the rows that belong to the owner's users. */
async function ownRows<Row extends { readonly userId: number | null }>(
  ownIds: OwnIds,
  rows: readonly Row[],
): Promise<Row[]> {
  const own = new Set<number | null>(await ownIds());
  return rows.filter(({ userId }) => userId !== null && own.has(userId));
}

export function ownedSessions(
  sessions: Sessions,
  whole: WholeSessions,
  ownIds: OwnIds,
): { readonly sessions: Sessions; readonly whole: { readonly sessions: WholeSessions } } {
  const latest = async () => whole.latestOfEachUser(await ownIds());
  return {
    sessions: {
      findMany: async (ids) => ownRows(ownIds, await sessions.findMany(ids)),
      list: async (options) =>
        sessions.list({ ...options, filter: await narrowed(ownIds, options.filter) }),
      count: async (filter) => sessions.count(await narrowed(ownIds, filter)),
      latestOfEachUser: async ({ limit, offset }) => {
        const rows = await using(await latest(), ({ slices }) => [...slices].flat());
        return rows.slice(offset, offset + limit);
      },
      countLatest: async () => using(await latest(), ({ totalCount }) => totalCount),
    },
    whole: {
      sessions: {
        all: async (filter) => whole.all(await narrowed(ownIds, filter)),
        latestOfEachUser: latest,
      },
    },
  };
}

function using<T>(list: WholeList<SessionOfUser>, read: (list: WholeList<SessionOfUser>) => T): T {
  try {
    return read(list);
  } finally {
    list.close();
  }
}

export function ownedEvents(events: Events, ownIds: OwnIds): Events {
  return {
    list: async (filter, options) => events.list(await narrowed(ownIds, filter), options),
    count: async (filter) => events.count(await narrowed(ownIds, filter)),
    visible: async (published) => ownRows(ownIds, published),
    // The newest id of all would reveal that something happened to others.
    bounds: async () => ({
      newestId: await events.newestIdOf(await ownIds()),
      droppedId: (await events.bounds()).droppedId,
    }),
    newestIdOf: async (userIds) => events.newestIdOf((await narrowed(ownIds, { userIds })).userIds),
  };
}
