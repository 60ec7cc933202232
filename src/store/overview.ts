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
  /** All users' traffic since the start of the given day. */
  readonly sinceRx: bigint;
  readonly sinceTx: bigint;
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

type Wide<N extends string> = Record<`${N}High` | `${N}Low`, bigint | number>;

export function overviewStore(db: Database) {
  return {
    /** One consistent read of everything that the dashboard shows. */
    overview: async (since: Date): Promise<Overview> => {
      const [row] = (await db.$read(
        `SELECT * FROM
           (SELECT COUNT(*) AS "users", COALESCE(SUM("online"), 0) AS "online",
                   COALESCE(SUM("missing"), 0) AS "missing",
                   ${wideSum('"rx" - "offsetRx"', 'rx')}, ${wideSum('"tx" - "offsetTx"', 'tx')}
            FROM "User"),
           (SELECT COUNT(*) AS "sessions" FROM "Session" WHERE "endedAt" IS NULL),
           (SELECT ${wideSum('"rx"', 'sinceRx')}, ${wideSum('"tx"', 'sinceTx')}
            FROM "TrafficDay" WHERE "userId" = ${ALL_USERS} AND "start" >= ?)`,
        quarterOf(since.getTime()),
      )) as (readonly number[])[];
      // An aggregate query always answers one row.
      const [users = 0, online = 0, missing = 0, ...sums] = row ?? [];
      const [rxHigh = 0, rxLow = 0, txHigh = 0, txLow = 0, sessions = 0, ...today] = sums;
      const [sinceRxHigh = 0, sinceRxLow = 0, sinceTxHigh = 0, sinceTxLow = 0] = today;
      return {
        totalUsers: users,
        onlineUsers: online,
        activeSessions: sessions,
        missingUsers: missing,
        totalRx: joinSum(rxHigh, rxLow),
        totalTx: joinSum(txHigh, txLow),
        sinceRx: joinSum(sinceRxHigh, sinceRxLow),
        sinceTx: joinSum(sinceTxHigh, sinceTxLow),
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
