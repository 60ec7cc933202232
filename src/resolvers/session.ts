import { z } from 'zod';
import type { WholeList } from '../store/lists/whole-list.ts';
import type { SessionOfUser } from '../store/lists/whole-sessions.ts';
import type { SessionRecord, UserRecord } from '../store/records.ts';
import type { SessionFilter, SessionWithUser } from '../store/session.ts';
import type { Context } from './context.ts';
import { cursorAt, positionAfter } from './cursor.ts';
import * as input from './input.ts';
import { type Connection, connectionOf, offsetInput, pageInput, type Stretch } from './page.ts';
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
  .transform((filter): SessionFilter => withoutNulls(filter ?? {}));

const ORDER = 'STARTED_AT';

/** A page of sessions, newest first, by cursor. */
export const sessions = useCase(
  'viewer',
  z.object({ ...pageInput, filter: filterInput }),
  async (ctx, { first, after, filter }): Promise<Connection<SessionRecord>> => {
    const { sessions } = ctx.store;
    const position = await positionAfter(after, ORDER, async (id) => {
      const [found] = await sessions.findMany([id]);
      return found === undefined ? null : startOf(found);
    });
    return connectionOf(
      await sessions.list({ filter, limit: first, after: position }),
      (row) => cursorAt(ORDER, { value: startOf(row), id: row.id }),
      () => sessions.count(filter),
    );
  },
);

function startOf({ startedAt }: SessionRecord): bigint {
  return BigInt(startedAt.getTime());
}

/** All sessions, newest first, as they are at one instant. */
export const allSessions = useCase(
  'viewer',
  z.object({ filter: filterInput }),
  async (ctx, { filter }): Promise<WholeList<SessionOfUser>> =>
    ctx.store.whole.sessions.all(filter),
);

/** The given stretch of all sessions, newest first, each with its user. */
export const listSessions = useCase(
  'viewer',
  z.object({ ...offsetInput, filter: filterInput }),
  async (ctx, { filter, limit, offset }): Promise<Stretch<SessionWithUser>> => {
    const { sessions } = ctx.store;
    const { rows } = await sessions.list({ filter, limit, offset });
    return { rows: await withUsers(ctx, rows), totalCount: await sessions.count(filter) };
  },
);

/** Leaves out the sessions of a user that was deleted meanwhile: they went with it. */
async function withUsers(ctx: Context, rows: readonly SessionRecord[]): Promise<SessionWithUser[]> {
  const ids = [...new Set(rows.map(({ userId }) => userId))];
  const users = new Map((await ctx.store.users.findMany(ids)).map((user) => [user.id, user]));
  return rows.flatMap((session) => {
    const user = users.get(session.userId);
    return user === undefined ? [] : [{ ...session, user }];
  });
}

/** The latest session of each user who had one, online users first, then by the last sign of life. */
export const allLatestSessions = useCase(
  'viewer',
  z.object({}),
  async (ctx): Promise<WholeList<SessionOfUser>> => ctx.store.whole.sessions.latestOfEachUser(),
);

/** The given stretch of them. */
export const listLatestSessions = useCase(
  'viewer',
  z.object(offsetInput),
  async (ctx, range): Promise<Stretch<SessionWithUser>> => {
    const { sessions } = ctx.store;
    const { rows } = await sessions.latestOfEachUser(range);
    return { rows, totalCount: await sessions.countLatest() };
  },
);

/** The user whose session it is. */
export function userOfSession(ctx: Context, session: SessionRecord): Promise<UserRecord | null> {
  return ctx.loaders.user.load(session.userId);
}
