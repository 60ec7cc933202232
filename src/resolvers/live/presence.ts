import * as z from 'zod';
import type { SessionRecord, UserRecord } from '../../store/records.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { liveCase } from '../use-case.ts';
import { openSessionOf } from '../user/queries.ts';

/** The state of a user that came online, went offline, or was online when the stream started. */
export interface Presence {
  readonly user: UserRecord;
  readonly isOnline: boolean;
  readonly at: Date;
  /** The open session; null while offline. */
  readonly session: SessionRecord | null;
}

/**
 * Sends all users who are online now, then after each poll the users whose presence changed. Changes
 * published while the first list was being read are sent again: a client may merge them into a snapshot
 * older than that list, which is correct only if it receives every change.
 */
export const presence = liveCase(
  'self',
  z.object({ userIds: input.ids.nullish() }),
  'presence',
  async function* (
    ctx,
    { userIds },
    subscription,
  ): AsyncGenerator<readonly Presence[], void, void> {
    const watched = userIds == null ? null : new Set(userIds);
    yield await presenceOf(ctx, await ctx.store.users.findOnline(userIds ?? null));
    for await (const changes of subscription) {
      const changed = changes
        .map(({ userId }) => userId)
        .filter((userId) => watched?.has(userId) ?? true);
      const users = await ctx.store.users.findMany(changed);
      if (users.length > 0) yield await presenceOf(ctx, users);
    }
  },
);

function presenceOf(ctx: Context, users: readonly UserRecord[]): Promise<Presence[]> {
  ctx.loaders.clear();
  return Promise.all(
    users.map(async (user) => {
      const session = await openSessionOf(ctx, user);
      const at = session?.startedAt ?? user.lastSeenAt ?? user.updatedAt;
      return { user, isOnline: user.online, at, session };
    }),
  );
}
