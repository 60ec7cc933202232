import type { Context } from '../../resolvers/context.ts';
import type { OffsetPage, OffsetRange } from '../../resolvers/pages/page.ts';
import type { SessionOfUser, WholeList } from '../../resolvers/records.ts';
import { listUsers } from '../../resolvers/user/queries.ts';
import type { BytesAs } from '../contract/parameters.ts';
import type { Json } from '../json.ts';
import * as present from '../present.ts';
import type { ListQuery } from '../query.ts';
import type { Answer, ListAnswer, UsersAnswer } from '../route.ts';
import type { usersWriter } from './user-text.ts';

type UserFilter = Parameters<typeof listUsers>[1]['filter'];

/** Returns the users that match the filter: the given range of them, or all if `range` is null. */
export function usersAnswer(
  ctx: Context,
  { range, bytes }: ListQuery,
  filter: UserFilter,
  write: ReturnType<typeof usersWriter>,
): Promise<UsersAnswer> {
  const make = async (): Promise<UsersAnswer> => {
    const { users, ...answer } = await listUsers(ctx, { range, filter });
    return { ...answer, text: await write(ctx, users, bytes), again: make };
  };
  return make();
}

/** Returns the given range of a list of sessions, or the whole list if `range` is null. */
export async function sessionsAnswer(
  ctx: Context,
  { range, bytes }: ListQuery,
  {
    page,
    all,
  }: {
    readonly page: (range: OffsetRange) => Promise<OffsetPage<SessionOfUser>>;
    readonly all: () => Promise<WholeList<SessionOfUser>>;
  },
): Promise<Answer | ListAnswer> {
  const now = new Date(ctx.clock.wallMs());
  const presentOne = (session: SessionOfUser) => present.presentSession(ctx, now, session);
  if (range === null) return wholeAnswer(all, presentOne, bytes);
  const { rows, totalCount } = await page(range);
  return { body: rows.map(presentOne), bytes, totalCount };
}

function wholeAnswer<T>(
  open: () => Promise<WholeList<T>>,
  presentOne: (row: T) => Json,
  bytes: BytesAs,
): ListAnswer {
  return {
    bytes,
    open: async () => {
      const { totalCount, slices, close } = await open();
      const next = () => {
        const slice = slices.next();
        return slice.done ? slice : { value: slice.value.map(presentOne) };
      };
      return { totalCount, close, slices: { next } };
    },
  };
}
