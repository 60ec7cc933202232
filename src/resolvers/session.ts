import * as z from 'zod';
import type { Position } from '../store/lists/page.ts';
import type { SessionPlace } from '../store/lists/session-parts.ts';
import type { WholeList } from '../store/lists/whole-list.ts';
import type { SessionOfUser } from '../store/lists/whole-sessions.ts';
import type { SessionRecord, UserRecord } from '../store/records.ts';
import type { SessionFilter, SessionWithUser } from '../store/session.ts';
import type { Context } from './context.ts';
import * as input from './input.ts';
import { cursorAt, positions } from './pages/cursor.ts';
import { type Connection, type OffsetPage, offsetInput, pageInput, pageOf } from './pages/page.ts';
import { useCase } from './use-case.ts';
import { withoutNulls } from './user/queries.ts';

const filterInput = z
  .object({
    userId: input.id.nullish(),
    open: z.boolean().nullish(),
    from: input.date.nullish(),
    to: input.date.nullish(),
  })
  .nullish()
  .transform((filter): SessionFilter => {
    const { userId, ...given } = withoutNulls(filter ?? {});
    return { ...given, ...(userId !== undefined && { userIds: [userId] }) };
  });

const ORDER = 'STARTED_AT';

/** Returns a page of sessions by cursor, newest first. */
export const sessions = useCase(
  'sessions',
  'self',
  z.object({ ...pageInput, filter: filterInput }),
  async (ctx, { filter, ...page }): Promise<Connection<SessionRecord>> => {
    const { sessions } = ctx.store;
    const { after, before } = await positions(page, ORDER, async (id) => {
      const [found] = await sessions.findMany([id]);
      return found === undefined ? null : startOf(found);
    });
    return pageOf(
      {
        read: (reading) => sessions.list({ ...reading, filter }),
        placeOf: ({ startedAt, id }) => [startedAt.getTime(), id] as const,
        cursorOf: (row) => cursorAt(ORDER, { value: startOf(row), id: row.id }),
        count: () => sessions.count(filter),
      },
      { ...page, after: placeAt(after), before: placeAt(before) },
    );
  },
);

function placeAt(position: Position | undefined): SessionPlace | undefined {
  return position && [Number(position.value), position.id];
}

function startOf({ startedAt }: SessionRecord): bigint {
  return BigInt(startedAt.getTime());
}

/** Returns all sessions, newest first, as one consistent snapshot. */
export const allSessions = useCase(
  'allSessions',
  'self',
  z.object({ filter: filterInput }),
  async (ctx, { filter }): Promise<WholeList<SessionOfUser>> =>
    ctx.store.whole.sessions.all(filter),
);

/** Returns a page of all sessions by offset, newest first, each with its user. */
export const listSessions = useCase(
  'listSessions',
  'self',
  z.object({ ...offsetInput, filter: filterInput }),
  async (ctx, { filter, limit, offset }): Promise<OffsetPage<SessionWithUser>> => {
    const { sessions } = ctx.store;
    const rows = await sessions.list({ filter, limit, offset });
    return { rows: await withUsers(ctx, rows), totalCount: await sessions.count(filter) };
  },
);

/** Adds the users. Omits sessions whose user was deleted since the list was read. */
async function withUsers(ctx: Context, rows: readonly SessionRecord[]): Promise<SessionWithUser[]> {
  const ids = [...new Set(rows.map(({ userId }) => userId))];
  const users = new Map((await ctx.store.users.findMany(ids)).map((user) => [user.id, user]));
  return rows.flatMap((session) => {
    const user = users.get(session.userId);
    return user === undefined ? [] : [{ ...session, user }];
  });
}

/** Returns the latest session of each user that has one: online users first, then by last activity. */
export const allLatestSessions = useCase(
  'allLatestSessions',
  'self',
  z.object({}),
  async (ctx): Promise<WholeList<SessionOfUser>> => ctx.store.whole.sessions.latestOfEachUser(),
);

/** Returns a page of the latest sessions by offset. */
export const listLatestSessions = useCase(
  'listLatestSessions',
  'self',
  z.object(offsetInput),
  async (ctx, range): Promise<OffsetPage<SessionOfUser>> => {
    const { sessions } = ctx.store;
    const rows = await sessions.latestOfEachUser(range);
    return { rows, totalCount: await sessions.countLatest() };
  },
);

/** Returns the user of a session; null if the user has been deleted. */
export function userOfSession(ctx: Context, session: SessionRecord): Promise<UserRecord | null> {
  return ctx.loaders.user.load(session.userId);
}
