import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { RateChange } from '../../live/topics.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import type { Rate } from '../rate.ts';
import { liveCase } from '../use-case.ts';

const LONGEST_INTERVAL_MS = 3_600_000;

/**
 * Sends the latest rate of every user whose rate has changed, at most once per `minIntervalMs`. Rates are
 * measured between two polls; a user whose traffic stops is sent once, with zeros.
 */
export const liveTraffic = liveCase(
  'self',
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
      // Changes during the pause wait in the subscription, which keeps only the latest rate of each user.
      if (minIntervalMs) await pause(minIntervalMs, subscription.ended);
    }
  },
);

/** Returns a function that reports whether a rate differs from the user's previous one, initially zero. */
function changesOnly(): (rate: RateChange) => boolean {
  const lastRates = new Map<number, string>();
  return ({ userId, rxBytesPerSecond, txBytesPerSecond }) => {
    const rate = `${rxBytesPerSecond} ${txBytesPerSecond}`;
    if (rate === (lastRates.get(userId) ?? STOPPED)) return false;
    if (rate === STOPPED) lastRates.delete(userId);
    else lastRates.set(userId, rate);
    return true;
  };
}

const STOPPED = '0 0';

/** Resolves after `ms`, or as soon as the stream has ended. */
async function pause(ms: number, ended: AbortSignal): Promise<void> {
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
