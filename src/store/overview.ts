import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database/open.ts';
import { isOneOf, joinSum, wideSum } from './database/sql.ts';
import { ALL_USERS, quarterOf } from './traffic/levels.ts';

export interface Overview {
  readonly totalUsers: number;
  readonly onlineUsers: number;
  readonly activeSessions: number;
  /** Managed users whose peer was removed by others. */
  readonly missingUsers: number;
  /** Sums of the users' totals since their last resets. */
  readonly totalRx: bigint;
  readonly totalTx: bigint;
  /** The users' traffic since the start of the given day and month. */
  readonly todayRx: bigint;
  readonly todayTx: bigint;
  readonly monthRx: bigint;
  readonly monthTx: bigint;
  /** The users whose figures these are; null: all. */
  readonly userIds: readonly number[] | null;
}

/** The starts of the day and the month whose traffic is summed. */
export interface Since {
  readonly day: Date;
  readonly month: Date;
}

export interface InterfaceOverview {
  readonly name: string;
  readonly publicKey: string | null;
  readonly listenPort: number | null;
  readonly up: boolean;
  readonly lastReadAt: Date;
  /** Peers at the last good read. */
  readonly peers: number;
  readonly online: number;
  /** Sums of its peers' counters as WireGuard showed them at the last good read. */
  readonly rx: bigint;
  readonly tx: bigint;
}

const PEER_SUMS = Prisma.raw(`${wideSum('c."rx"', 'rx')}, ${wideSum('c."tx"', 'tx')}`);

const SUMS_SINCE = `(SELECT ${wideSum('"rx"', 'rx')}, ${wideSum('"tx"', 'tx')}
  FROM "TrafficDay" WHERE "userId" = ${ALL_USERS} AND "start" >= ?)`;

type Wide<N extends string> = Record<`${N}High` | `${N}Low`, bigint | number>;

export function overviewStore(db: Database) {
  return {
    /** One consistent read of everything that the dashboard shows. */
    overview: async ({ day, month }: Since): Promise<Overview> => {
      const [row] = (await db.$read(
        `SELECT * FROM
           (SELECT COUNT(*) AS "sessions" FROM "Session" WHERE "endedAt" IS NULL),
           (SELECT COUNT(*) AS "users", COALESCE(SUM("online"), 0) AS "online",
                   COALESCE(SUM("missing"), 0) AS "missing",
                   ${wideSum('"rx" - "offsetRx"', 'rx')}, ${wideSum('"tx" - "offsetTx"', 'tx')}
            FROM "User"),
           ${SUMS_SINCE}, ${SUMS_SINCE}`,
        quarterOf(day.getTime()),
        quarterOf(month.getTime()),
      )) as (readonly number[])[];
      // An aggregate query always answers one row.
      const [sessions = 0, users = 0, online = 0, missing = 0, ...sums] = row ?? [];
      const [totalRx, totalTx, todayRx, todayTx, monthRx, monthTx] = joined(sums);
      return {
        totalUsers: users,
        onlineUsers: online,
        activeSessions: sessions,
        missingUsers: missing,
        ...{ totalRx, totalTx, todayRx, todayTx, monthRx, monthTx },
        userIds: null,
      };
    },

    /** `userIds`: the sums of the peers of these users alone. */
    interfaces: async (
      watched: readonly string[],
      userIds?: readonly number[],
    ): Promise<InterfaceOverview[]> => {
      const isCounted = userIds === undefined ? Prisma.sql`true` : isOneOf('u."id"', userIds);
      const [interfaces, counted] = await Promise.all([
        db.interface.findMany({
          where: watched.length > 0 ? { name: { in: [...watched] } } : {},
          orderBy: { name: 'asc' },
        }),
        db.$queryRaw<
          ({ name: string; peers: number; online: number } & Wide<'rx'> & Wide<'tx'>)[]
        >`SELECT c."interface" AS "name", COUNT(*) AS "peers",
                 COALESCE(SUM(u."online"), 0) AS "online", ${PEER_SUMS}
          FROM "Peer" AS c LEFT JOIN "User" AS u ON u."publicKey" = c."publicKey"
          WHERE c."present" AND ${isCounted} GROUP BY c."interface"`,
      ]);
      const byName = new Map(counted.map((row) => [row.name, row]));
      return interfaces.map(({ name, publicKey, listenPort, up, lastReadAt }) => {
        const row = up ? byName.get(name) : undefined;
        return {
          name,
          publicKey,
          listenPort,
          up,
          lastReadAt,
          peers: Number(row?.peers ?? 0),
          online: Number(row?.online ?? 0),
          rx: joinSum(row?.rxHigh ?? 0, row?.rxLow ?? 0),
          tx: joinSum(row?.txHigh ?? 0, row?.txLow ?? 0),
        };
      });
    },
  };
}

type SixSums = [bigint, bigint, bigint, bigint, bigint, bigint];

/** Joins the pairs of `wideSum`. */
function joined(halves: readonly number[]): SixSums {
  const at = (index: number) => joinSum(halves[2 * index] ?? 0, halves[2 * index + 1] ?? 0);
  return [at(0), at(1), at(2), at(3), at(4), at(5)];
}
