import { Prisma } from '../../generated/prisma/client.ts';
import type { Snapshot, Snapshots } from '../database/snapshots.ts';
import type { SessionRecord, UserRecord } from '../records.ts';
import type { SessionFilter } from '../session.ts';
import { type WholeList, wholeList } from './whole-list.ts';

export type SessionOfUser = SessionRecord & {
  readonly user: Pick<UserRecord, 'nickname' | 'publicKey'>;
};

/** Sessions counted between two turns of the event loop. */
const IDS_A_COUNT = 50_000;

/** In the order of `sessionOf`; 64-bit numbers are passed as text. */
const COLUMNS = Prisma.sql`s."id", s."userId", s."startedAt", s."endedAt", s."lastSeenAt", s."endpoint",
  CAST(s."rx" AS TEXT), CAST(s."tx" AS TEXT), s."endReason", u."nickname", u."publicKey"`;

export function wholeSessions(snapshots: Snapshots) {
  return {
    /** Newest first. */
    all: (filter: SessionFilter): Promise<WholeList<SessionOfUser>> => {
      const indexed = all([
        filter.userId !== undefined && Prisma.sql`s."userId" = ${filter.userId}`,
        filter.to !== undefined && Prisma.sql`s."startedAt" < ${filter.to}`,
        filter.open === true && Prisma.sql`s."endedAt" IS NULL`,
      ]);
      // No index has the order of this list. SQLite would search for the next matching session however far
      // away it is, so each session is checked here.
      const checked = all([
        filter.open === false && Prisma.sql`s."endedAt" IS NOT NULL`,
        filter.from !== undefined &&
          Prisma.sql`(s."endedAt" IS NULL OR s."endedAt" >= ${filter.from})`,
      ]);
      return wholeList(snapshots, {
        statements: (snapshot) => ({
          counts: rangesOf(snapshot, filter).map(
            (range) =>
              Prisma.sql`SELECT COUNT(*) FROM "Session" AS s WHERE ${range} AND ${indexed} AND ${checked}`,
          ),
          // A cross join is read from left to right.
          rows: Prisma.sql`SELECT ${COLUMNS}, ${checked}
          FROM "Session" AS s CROSS JOIN "User" AS u ON u."id" = s."userId"
          WHERE ${indexed} ORDER BY s."startedAt" DESC, s."id" DESC`,
        }),
        rowOf: (cells) => (cells.at(-1) === 1 ? sessionOf(cells) : null),
      });
    },

    /** The latest session of each user that had one: online users first, then by the last proof of life. */
    latestOfEachUser: (): Promise<WholeList<SessionOfUser>> =>
      wholeList(snapshots, {
        statements: () => ({
          counts: [Prisma.sql`SELECT COUNT(*) FROM "User" WHERE "latestSessionId" IS NOT NULL`],
          rows: Prisma.sql`SELECT ${COLUMNS}
          FROM "User" AS u JOIN "Session" AS s ON s."id" = u."latestSessionId"
          ORDER BY u."online" DESC, s."lastSeenAt" DESC, u."id"`,
        }),
        rowOf: sessionOf,
      }),
  };
}

/** For most filters one index counts the sessions quickly; otherwise they are counted in ranges of ids. */
function rangesOf(snapshot: Snapshot, { userId, open, from, to }: SessionFilter): Prisma.Sql[] {
  const isOfIndex =
    userId !== undefined || open === true || to === undefined || (open ?? from) === undefined;
  if (isOfIndex) return [Prisma.sql`1`];
  const newest = snapshot.count(Prisma.sql`SELECT MAX("id") FROM "Session"`);
  return Array.from(
    { length: Math.ceil(newest / IDS_A_COUNT) },
    (_, index) =>
      Prisma.sql`s."id" > ${index * IDS_A_COUNT} AND s."id" <= ${(index + 1) * IDS_A_COUNT}`,
  );
}

function all(conditions: readonly (Prisma.Sql | false)[]): Prisma.Sql {
  const given = conditions.filter((one) => one !== false);
  return given.length === 0 ? Prisma.sql`1` : Prisma.join(given, ' AND ');
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
