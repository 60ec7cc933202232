import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database/open.ts';
import { type Page, type Position, pageOf, rowsFor } from './lists/page.ts';
import type { SessionRecord, UserRecord } from './records.ts';

/** The filter of sessions; absent fields match all. */
export interface SessionFilter {
  readonly userId?: number;
  readonly open?: boolean;
  /** Sessions that were open at or after this instant. */
  readonly from?: Date;
  /** Sessions that had started before this instant. */
  readonly to?: Date;
}

export interface SessionListOptions {
  readonly filter: SessionFilter;
  readonly limit: number;
  readonly offset?: number;
  /** The start and id after which the page starts. */
  readonly after?: Position | undefined;
}

export type SessionWithUser = SessionRecord & { readonly user: UserRecord };

export function sessionStore(db: Database) {
  return {
    findMany: (ids: readonly number[]): Promise<SessionRecord[]> =>
      db.session.findMany({ where: { id: { in: [...ids] } } }),

    /** Newest first. */
    list: async (options: SessionListOptions): Promise<Page<SessionRecord>> => {
      const { limit, offset = 0, after } = options;
      const parts = [...conditions(options.filter)];
      if (after !== undefined) {
        parts.push(Prisma.sql`("startedAt", "id") < (${after.value}, ${after.id})`);
      }
      const rows = await db.$queryRaw<SessionRecord[]>`
        SELECT * FROM "Session" WHERE ${Prisma.join(parts, ' AND ')}
        ORDER BY "startedAt" DESC, "id" DESC LIMIT ${rowsFor(limit)} OFFSET ${offset}`;
      return pageOf(rows, limit);
    },

    count: async (filter: SessionFilter): Promise<number> => {
      const [row] = await db.$queryRaw<{ count: number | bigint }[]>`
        SELECT COUNT(*) AS "count" FROM "Session" WHERE ${Prisma.join(conditions(filter), ' AND ')}`;
      return Number(row?.count ?? 0);
    },

    /** The latest session of each user that had one: online users first, then by the last proof of life. */
    latestOfEachUser: async (options: {
      readonly limit: number;
      readonly offset: number;
    }): Promise<Page<SessionWithUser>> => {
      const users = await db.user.findMany({
        where: HAD_SESSION,
        include: { latestSession: true },
        orderBy: [{ online: 'desc' }, { latestSession: { lastSeenAt: 'desc' } }, { id: 'asc' }],
        take: rowsFor(options.limit),
        skip: options.offset,
      });
      const rows = users.flatMap(({ latestSession, ...user }) =>
        latestSession === null ? [] : [{ ...latestSession, user }],
      );
      return pageOf(rows, options.limit);
    },

    /** How many users had a session. */
    countLatest: (): Promise<number> => db.user.count({ where: HAD_SESSION }),
  };
}

const HAD_SESSION: Prisma.UserWhereInput = { latestSessionId: { not: null } };

function conditions({ userId, open, from, to }: SessionFilter): Prisma.Sql[] {
  const parts = [Prisma.sql`true`];
  if (userId !== undefined) parts.push(Prisma.sql`"userId" = ${userId}`);
  if (open !== undefined) {
    parts.push(open ? Prisma.sql`"endedAt" IS NULL` : Prisma.sql`"endedAt" IS NOT NULL`);
  }
  if (to !== undefined) parts.push(Prisma.sql`"startedAt" < ${to.getTime()}`);
  if (from !== undefined) {
    parts.push(Prisma.sql`("endedAt" IS NULL OR "endedAt" >= ${from.getTime()})`);
  }
  return parts;
}
