import { Prisma } from '../../generated/prisma/client.ts';
import type { Snapshots } from '../database/snapshots.ts';
import { isOneOf } from '../database/sql.ts';
import type { SessionRecord, UserRecord } from '../records.ts';
import { askNumber, askSnapshot } from './ask.ts';
import { allOf } from './days.ts';
import type { SessionFilter } from './filters.ts';
import { countSessions } from './session-parts.ts';
import { type WholeList, wholeList } from './whole-list.ts';

export type SessionOfUser = SessionRecord & {
  readonly user: Pick<UserRecord, 'nickname' | 'publicKey'>;
};

/** In the order of `sessionOf`; 64-bit numbers are passed as text. */
const COLUMNS = Prisma.sql`s."id", s."userId", s."startedAt", s."endedAt", s."lastSeenAt", s."endpoint",
  CAST(s."rx" AS TEXT), CAST(s."tx" AS TEXT), s."endReason", u."nickname", u."publicKey"`;

export function wholeSessions(snapshots: Snapshots) {
  return {
    /** Newest first. */
    all: (filter: SessionFilter): Promise<WholeList<SessionOfUser>> => {
      const indexed = allOf([
        filter.userIds !== undefined && isOneOf('s."userId"', filter.userIds),
        filter.to !== undefined && Prisma.sql`s."startedAt" < ${filter.to}`,
        filter.open === true && Prisma.sql`s."endedAt" IS NULL`,
      ]);
      // No index has the order of this list. SQLite would search for the next matching session however far
      // away it is, so each session is checked here.
      const checked = allOf([
        filter.open === false && Prisma.sql`s."endedAt" IS NOT NULL`,
        filter.from !== undefined &&
          Prisma.sql`(s."endedAt" IS NULL OR s."endedAt" >= ${filter.from})`,
      ]);
      return wholeList(snapshots, {
        count: (snapshot) => countSessions(askSnapshot(snapshot), filter),
        // A cross join is read from left to right.
        rows: Prisma.sql`SELECT ${COLUMNS}, ${checked}
          FROM "Session" AS s CROSS JOIN "User" AS u ON u."id" = s."userId"
          WHERE ${indexed} ORDER BY s."startedAt" DESC, s."id" DESC`,
        rowOf: (cells) => (cells.at(-1) === 1 ? sessionOf(cells) : null),
      });
    },

    /** The latest session of each user that had one: online users first, then by the last proof of life. */
    latestOfEachUser: (userIds?: readonly number[]): Promise<WholeList<SessionOfUser>> => {
      const isWanted = userIds === undefined ? Prisma.sql`true` : isOneOf('u."id"', userIds);
      return wholeList(snapshots, {
        count: (snapshot) =>
          askNumber(
            askSnapshot(snapshot),
            Prisma.sql`SELECT COUNT(*) FROM "User" AS u
              WHERE "latestSessionId" IS NOT NULL AND ${isWanted}`,
          ),
        rows: Prisma.sql`SELECT ${COLUMNS}
          FROM "User" AS u JOIN "Session" AS s ON s."id" = u."latestSessionId"
          WHERE ${isWanted}
          ORDER BY u."online" DESC, s."lastSeenAt" DESC, u."id"`,
        rowOf: sessionOf,
      });
    },
  };
}

function sessionOf(cells: readonly unknown[]): SessionOfUser {
  const [id, userId, startedAt, endedAt, lastSeenAt, endpoint, rx, tx, endReason] = cells;
  const [nickname, publicKey] = cells.slice(9);
  return {
    id: id as number,
    userId: userId as number,
    startedAt: new Date(startedAt as number),
    endedAt: endedAt === null ? null : new Date(endedAt as number),
    lastSeenAt: new Date(lastSeenAt as number),
    endpoint: endpoint as string | null,
    rx: BigInt(rx as string),
    tx: BigInt(tx as string),
    endReason: endReason as string | null,
    user: { nickname: nickname as string, publicKey: publicKey as string },
  };
}
