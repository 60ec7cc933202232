import { sumOfBytes } from '../../domain/bytes.ts';
import type { clientDefaultsStore } from '../client-defaults.ts';
import type { CurrentUsers } from '../current/users.ts';
import type { eventStore } from '../event.ts';
import type { wholeSessions } from '../lists/whole-sessions.ts';
import type { InterfaceOverview, Overview, overviewStore } from '../overview.ts';
import type { peerStore } from '../peer.ts';
import type { UserRecord } from '../records.ts';
import type { sessionStore } from '../session.ts';
import type { trafficStore } from '../traffic/read.ts';
import { type IdsEnforced, userStore } from '../user.ts';
import { ownedEvents, ownedSessions } from './lists.ts';
import { type OwnIds, ownedUsers } from './users.ts';

type OverviewReads = ReturnType<typeof overviewStore>;
type TrafficReads = ReturnType<typeof trafficStore>;

/** What everybody's records are read by. */
export interface Reads {
  readonly sessions: ReturnType<typeof sessionStore>;
  readonly traffic: TrafficReads;
  readonly overview: OverviewReads;
  readonly events: ReturnType<typeof eventStore>;
  readonly whole: { readonly sessions: ReturnType<typeof wholeSessions> };
  readonly peers: ReturnType<typeof peerStore>;
  readonly clientDefaults: ReturnType<typeof clientDefaultsStore>;
  readonly recordStart: Date;
}

/** The records of one owner's users: everything is answered as if there were no others. */
export interface OwnedReads
  extends Pick<Reads, 'sessions' | 'events' | 'traffic' | 'overview' | 'whole'> {
  readonly users: ReturnType<typeof userStore>;
  readonly peers: Pick<Reads['peers'], 'whereabouts'>;
  /** Of the interfaces in the overview, as in the configurations of the owner's clients. */
  readonly clientDefaults: Pick<Reads['clientDefaults'], 'of'>;
  readonly recordStart: Date;
}

/** Who belongs to the owner is looked up at each read, because users change their owner. */
export function ownedReads(
  reads: Reads,
  current: CurrentUsers,
  idsEnforced: IdsEnforced,
  owner: string,
): OwnedReads {
  const own = ownedUsers(current, owner);
  const users = async () => (await own.view()).users.map(({ user }) => user);
  const ownIds: OwnIds = async () => (await users()).map(({ id }) => id);
  const traffic = ownedTraffic(reads.traffic, ownIds);
  return {
    ...ownedSessions(reads.sessions, reads.whole.sessions, ownIds),
    users: userStore(own, idsEnforced),
    events: ownedEvents(reads.events, ownIds),
    traffic,
    overview: ownedOverview(reads.overview, traffic, users),
    peers: {
      whereabouts: async (publicKeys, since) => {
        const view = await own.view();
        const owned = publicKeys.filter((key) => view.findByKey(key) !== null);
        return reads.peers.whereabouts(owned, since);
      },
    },
    clientDefaults: { of: reads.clientDefaults.of },
    recordStart: reads.recordStart,
  };
}

function ownedTraffic(traffic: TrafficReads, ownIds: OwnIds): TrafficReads {
  const among = async (userIds: readonly number[]) => {
    const own = new Set(await ownIds());
    return userIds.filter((id) => own.has(id));
  };
  return {
    rows: async function* (range) {
      const { userIds } = range;
      const owned = userIds === null ? await ownIds() : await among(userIds);
      yield* traffic.rows({ ...range, userIds: owned });
    },
    sumsOfUsers: async (userIds, from) => traffic.sumsOfUsers(await among(userIds), from),
  };
}

function ownedOverview(
  overview: OverviewReads,
  traffic: TrafficReads,
  users: () => Promise<readonly UserRecord[]>,
): OverviewReads {
  return {
    overview: async ({ day, month }): Promise<Overview> => {
      const own = await users();
      const userIds = own.map(({ id }) => id);
      const sumSince = async (start: Date) =>
        sumOfBytes([...(await traffic.sumsOfUsers(userIds, start)).values()]);
      const [{ rx: todayRx, tx: todayTx }, { rx: monthRx, tx: monthTx }] = [
        await sumSince(day),
        await sumSince(month),
      ];
      const { rx: totalRx, tx: totalTx } = sumOfBytes(
        own.map(({ rx, tx, offsetRx, offsetTx }) => ({ rx: rx - offsetRx, tx: tx - offsetTx })),
      );
      const onlineUsers = own.filter(({ online }) => online).length;
      return {
        totalUsers: own.length,
        onlineUsers,
        // A user is online exactly while a session is open.
        activeSessions: onlineUsers,
        missingUsers: own.filter(({ missing }) => missing).length,
        ...{ totalRx, totalTx, todayRx, todayTx, monthRx, monthTx },
        userIds,
      };
    },
    /** The interfaces that the users are on or assigned to. */
    interfaces: async (watched): Promise<InterfaceOverview[]> => {
      const own = await users();
      const assigned = new Set(own.map((user) => user.interface));
      const ids = own.map(({ id }) => id);
      const all = await overview.interfaces(watched, ids);
      return all.filter(({ name, peers }) => peers > 0 || assigned.has(name));
    },
  };
}
