import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { RateChange } from '../../live/topics.ts';
import type { UserRecord } from '../../store/records.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { liveCase } from '../use-case.ts';

/** How fast a user moves bytes. */
export interface Rate {
  readonly user: UserRecord;
  readonly rxBytesPerSecond: number;
  readonly txBytesPerSecond: number;
}

const LONGEST_INTERVAL_MS = 3_600_000;

/**
 * The users whose rate has changed, each with its newest one, at most once in `minIntervalMs`. Rates
 * are those between two polls; a user that stops is told once, with zeros.
 */
export const liveTraffic = liveCase(
  'viewer',
  z.object({
    userIds: input.ids.nullish(),
    minIntervalMs: z
      .int({ error: 'interval' })
      .min(0, { error: 'interval' })
      .max(LONGEST_INTERVAL_MS, { error: 'interval' })
      .nullish(),
  }),
  'traffic',
  async function* (ctx, { userIds, minIntervalMs }, subscription) {
    const watched = userIds == null ? null : new Set(userIds);
    const isNew = changesOnly();
    for await (const changes of subscription) {
      const mine = changes.filter((rate) => (watched?.has(rate.userId) ?? true) && isNew(rate));
      const rates = await ratesOf(ctx, mine);
      if (rates.length === 0) continue;
      yield rates;
      // What changes meanwhile waits in the subscription, where only the newest of a user is kept.
      if (minIntervalMs) await rest(minIntervalMs, subscription.ended);
    }
  },
);

/** Tells whether a rate is other than the one it was last asked about; at first everything but a stop is. */
function changesOnly(): (rate: RateChange) => boolean {
  const told = new Map<number, string>();
  return ({ userId, rxBytesPerSecond, txBytesPerSecond }) => {
    const rate = `${rxBytesPerSecond} ${txBytesPerSecond}`;
    if (rate === (told.get(userId) ?? STOPPED)) return false;
    if (rate === STOPPED) told.delete(userId);
    else told.set(userId, rate);
    return true;
  };
}

const STOPPED = '0 0';

/** Waits, or until the stream has ended. */
async function rest(ms: number, ended: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal: ended }).catch(() => {});
}

async function ratesOf(ctx: Context, changes: readonly RateChange[]): Promise<Rate[]> {
  if (changes.length === 0) return [];
  const users = await ctx.store.users.findMany(changes.map(({ userId }) => userId));
  const byId = new Map(users.map((user) => [user.id, user]));
  return changes.flatMap(({ userId, rxBytesPerSecond, txBytesPerSecond }) => {
    const user = byId.get(userId);
    return user === undefined ? [] : [{ user, rxBytesPerSecond, txBytesPerSecond }];
  });
}
