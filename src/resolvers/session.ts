import { z } from 'zod';
import type { Page, SessionRecord, UserRecord } from '../store/records.ts';
import type { SessionFilter, SessionWithUser } from '../store/session.ts';
import type { WholeList } from '../store/whole-list.ts';
import type { SessionOfUser } from '../store/whole-sessions.ts';
import type { Context } from './context.ts';
import * as input from './input.ts';
import { type Connection, connectionOf, offsetInput, pageInput } from './page.ts';
import { useCase } from './use-case.ts';
import { withoutNulls } from './user.ts';

const filterInput = z
  .object({
    userId: input.id.nullish(),
    open: z.boolean().nullish(),
    from: input.date.nullish(),
    to: input.date.nullish(),
  })
  .nullish()
  .transform((filter): SessionFilter => withoutNulls(filter ?? {}));

/** A page of sessions, newest first, by cursor. */
export const sessions = useCase(
  'viewer',
  z.object({ ...pageInput, filter: filterInput }),
  async (ctx, { first, after, filter }): Promise<Connection<SessionRecord>> =>
    connectionOf(await ctx.store.sessions.list({ filter, limit: first, afterId: after })),
);

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
  (ctx, { filter, limit, offset }): Promise<Page<SessionWithUser>> =>
    ctx.store.sessions.list({ filter, limit, offset }),
);

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
  (ctx, range): Promise<Page<SessionWithUser>> => ctx.store.sessions.latestOfEachUser(range),
);

/** The user whose session it is. */
export function userOfSession(ctx: Context, session: SessionRecord): Promise<UserRecord | null> {
  return ctx.loaders.user.load(session.userId);
}
