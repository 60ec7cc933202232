import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { LoggedEvent } from '../live/topics.ts';
import type { EventFilter } from '../store/event.ts';
import type { EventRecord } from '../store/records.ts';
import type { Context } from './context.ts';
import { EVENT_TYPES } from './event.ts';
import * as input from './input.ts';
import { liveCase } from './use-case.ts';
import { withoutNulls } from './user.ts';

const PAGE = 500;

/**
 * The durable log from a cursor on: what is kept after it, then each new event, each exactly once and
 * in order. Without a cursor only what is new. `CURSOR_EXPIRED` where the log does not reach back to
 * the cursor, or has not come so far.
 */
export const liveEvents = liveCase(
  'viewer',
  z.object({
    after: input.cursor.nullish(),
    types: z.array(z.enum(EVENT_TYPES)).nullish(),
    userIds: input.ids.nullish(),
  }),
  'events',
  async function* (
    ctx,
    { after, ...narrowing },
    subscription,
  ): AsyncGenerator<EventRecord, void, void> {
    const filter: EventFilter = withoutNulls(narrowing);
    let lastId = 0;
    if (after != null) {
      lastId = after;
      for (let isMore = true; isMore; ) {
        const page = await ctx.store.events.after(filter, { limit: PAGE, afterId: lastId });
        // After each page: a slow reader's next one may have been dropped from the log meanwhile.
        await refuseUnreachable(ctx, lastId);
        for (const event of page) {
          lastId = event.id;
          yield event;
        }
        isMore = page.length === PAGE;
      }
    }
    for await (const events of subscription) {
      for (const event of events) {
        if (event.id > lastId && matches(event, filter)) yield event;
      }
    }
  },
);

function matches({ type, userId }: LoggedEvent, { types, userIds }: EventFilter): boolean {
  return (types?.includes(type) ?? true) && (userIds?.some((id) => id === userId) ?? true);
}

/** Event 0 never was: after it comes all that is kept, and nobody misses what is not. */
async function refuseUnreachable(ctx: Context, after: number): Promise<void> {
  if (after === 0) return;
  const { newestId, oldestId } = await ctx.store.events.bounds();
  const firstMissable = oldestId ?? newestId + 1;
  if (after <= newestId && after >= firstMissable - 1) return;
  throw new AppError('CURSOR_EXPIRED', {
    en: `The event log does not reach back to the cursor ${after}, or has not come so far; read the state anew and subscribe without "after", or with "0" for all that is kept.`,
    zh: `事件日志不包含游标 ${after} 之后的全部内容，或尚未到达该游标；请重新读取状态后不带 "after" 订阅，或用 "0" 获取全部保留的事件。`,
  });
}
