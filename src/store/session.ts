import type { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database.ts';
import type { Page, SessionRecord, UserRecord } from './records.ts';

/** Which sessions; absent fields do not narrow. */
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
  /** The session after which the page starts, by id. */
  readonly afterId?: number;
}

export type SessionWithUser = SessionRecord & { readonly user: UserRecord };

const NEWEST_FIRST = [{ startedAt: 'desc' }, { id: 'desc' }] as const;

export function sessionStore(db: Database) {
  return {
    findMany: (ids: readonly number[]): Promise<SessionRecord[]> =>
      db.session.findMany({ where: { id: { in: [...ids] } } }),

    /** Newest first. */
    list: async (options: SessionListOptions): Promise<Page<SessionWithUser>> => {
      const where = conditions(options.filter);
      const after = await startAfter(db, options.afterId);
      const { limit } = options;
      const [totalCount, rows] = await Promise.all([
        db.session.count({ where }),
        db.session.findMany({
          where: { AND: [where, after] },
          orderBy: [...NEWEST_FIRST],
          include: { user: true },
          take: limit + 1,
          skip: options.offset ?? 0,
        }),
      ]);
      const page = rows.slice(0, limit);
      return { rows: page, hasNextPage: rows.length > page.length, totalCount };
    },

    /** The latest session of each user that had one: who is online first, then by the last sign. */
    latestOfEachUser: async (options: {
      readonly limit: number;
      readonly offset: number;
    }): Promise<Page<SessionWithUser>> => {
      const where: Prisma.UserWhereInput = { latestSessionId: { not: null } };
      const [totalCount, users] = await Promise.all([
        db.user.count({ where }),
        db.user.findMany({
          where,
          include: { latestSession: true },
          orderBy: [{ online: 'desc' }, { latestSession: { lastSeenAt: 'desc' } }, { id: 'asc' }],
          take: options.limit,
          skip: options.offset,
        }),
      ]);
      const rows = users.flatMap(({ latestSession, ...user }) =>
        latestSession === null ? [] : [{ ...latestSession, user }],
      );
      return { rows, hasNextPage: options.offset + rows.length < totalCount, totalCount };
    },
  };
}

function conditions(filter: SessionFilter): Prisma.SessionWhereInput {
  const { userId, open, from, to } = filter;
  return {
    ...(userId !== undefined && { userId }),
    ...(open !== undefined && { endedAt: open ? null : { not: null } }),
    ...(to !== undefined && { startedAt: { lt: to } }),
    ...(from !== undefined && { OR: [{ endedAt: null }, { endedAt: { gte: from } }] }),
  };
}

async function startAfter(
  db: Database,
  afterId: number | undefined,
): Promise<Prisma.SessionWhereInput> {
  if (afterId === undefined) return {};
  const last = await db.session.findUnique({ where: { id: afterId } });
  if (last === null) return { id: { lt: afterId } };
  return {
    OR: [{ startedAt: { lt: last.startedAt } }, { startedAt: last.startedAt, id: { lt: last.id } }],
  };
}
