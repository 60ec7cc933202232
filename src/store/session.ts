import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database/open.ts';
import type { Snapshots } from './database/snapshots.ts';
import { askDatabase, askNumber, askSnapshot } from './lists/ask.ts';
import type { SessionFilter } from './lists/filters.ts';
import type { Reading } from './lists/page.ts';
import {
  countSessions,
  isSumOfDays,
  type SessionPlace,
  sessionOrder,
  sessionParts,
} from './lists/session-parts.ts';
import type { SessionOfUser } from './lists/whole-sessions.ts';
import type { SessionRecord, UserRecord } from './records.ts';

export type { SessionFilter } from './lists/filters.ts';

export interface SessionListOptions extends Reading<SessionPlace> {
  readonly filter: SessionFilter;
  readonly offset?: number;
}

export type SessionWithUser = SessionRecord & { readonly user: UserRecord };

export function sessionStore(db: Database, snapshots: Snapshots) {
  const ask = askDatabase(db);
  return {
    findMany: (ids: readonly number[]): Promise<SessionRecord[]> =>
      db.session.findMany({ where: { id: { in: [...ids] } } }),

    /** Newest first. */
    list: async ({
      filter,
      limit,
      offset = 0,
      ...range
    }: SessionListOptions): Promise<SessionRecord[]> => {
      const found: SessionRecord[] = [];
      let toSkip = offset;
      for await (const part of sessionParts(ask, filter, range)) {
        const skipped = toSkip;
        if (toSkip > 0) {
          const inPart = Prisma.sql`SELECT COUNT(*) AS "count" FROM "Session" WHERE ${part}`;
          toSkip -= Math.min(toSkip, await askNumber(ask, inPart));
          if (toSkip > 0) continue;
        }
        const rows = await db.$queryRaw<SessionRecord[]>`
          SELECT * FROM "Session" WHERE ${part}
          ORDER BY ${sessionOrder(range)} LIMIT ${limit - found.length} OFFSET ${skipped}`;
        found.push(...rows);
        if (found.length >= limit) break;
      }
      return found;
    },

    count: (filter: SessionFilter): Promise<number> =>
      isSumOfDays(filter)
        ? countSessions(ask, filter)
        : snapshots.read((snapshot) => countSessions(askSnapshot(snapshot), filter)),

    /** The latest session of each user that had one: online users first, then by the last proof of life. */
    latestOfEachUser: async (options: {
      readonly limit: number;
      readonly offset: number;
    }): Promise<SessionOfUser[]> => {
      const users = await db.user.findMany({
        where: HAD_SESSION,
        include: { latestSession: true },
        orderBy: [{ online: 'desc' }, { latestSession: { lastSeenAt: 'desc' } }, { id: 'asc' }],
        take: options.limit,
        skip: options.offset,
      });
      return users.flatMap(({ latestSession, ...user }) =>
        latestSession === null ? [] : [{ ...latestSession, user }],
      );
    },

    /** How many users had a session. */
    countLatest: (): Promise<number> => db.user.count({ where: HAD_SESSION }),
  };
}

const HAD_SESSION: Prisma.UserWhereInput = { latestSessionId: { not: null } };
