import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { EVENT_TYPES } from '../../domain/event-type.ts';
import type { LoggedEvent } from '../../live/topics.ts';
import type { EventFilter } from '../../store/event.ts';
import type { EventRecord } from '../../store/records.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { liveCase } from '../use-case.ts';
import { withoutNulls } from '../user/queries.ts';

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
    /** Up to here everything was told that matches; null before anything came that is told live. */
    let seenId = after ?? null;
    if (seenId !== null) seenId = yield* kept(ctx, filter, seenId);
    for await (const published of subscription) {
      const fresh = unseen(published, seenId);
      const [first, last] = [fresh[0], fresh.at(-1)];
      if (first === undefined || last === undefined) continue;
      seenId ??= first.id - 1;
      if (last.id - seenId === fresh.length) {
        yield* fresh.filter((event) => matches(event, filter));
      } else {
        // Something between was committed, and is published later or was told by the replay.
        seenId = yield* kept(ctx, filter, seenId);
      }
      seenId = Math.max(seenId, last.id);
    }
  },
);

/** The events after an id, in order. */
function unseen(published: readonly LoggedEvent[], seenId: number | null): LoggedEvent[] {
  return published
    .filter(({ id }) => seenId === null || id > seenId)
    .toSorted((a, b) => a.id - b.id);
}

/** What the log holds after an id, page by page. Answers the id up to which nothing is left to tell. */
async function* kept(
  ctx: Context,
  filter: EventFilter,
  after: number,
): AsyncGenerator<EventRecord, number, void> {
  let lastId = after;
  for (;;) {
    const { newestId } = await ctx.store.events.bounds();
    const page = await ctx.store.events.after(filter, { limit: PAGE, afterId: lastId });
    // After each page: a slow reader's next one may have been dropped from the log meanwhile.
    await refuseUnreachable(ctx, lastId);
    yield* page;
    lastId = page.at(-1)?.id ?? lastId;
    if (page.length < PAGE) return Math.max(lastId, newestId);
  }
}

function matches({ type, userId }: LoggedEvent, { types, userIds }: EventFilter): boolean {
  return (types?.includes(type) ?? true) && (userIds?.some((id) => id === userId) ?? true);
}

/** Event 0 never was: after it comes all that is kept, and nobody misses what is not. */
async function refuseUnreachable(ctx: Context, after: number): Promise<void> {
  if (after === 0) return;
  const { newestId, droppedId } = await ctx.store.events.bounds();
  if (after <= newestId && after >= droppedId) return;
  throw new AppError('CURSOR_EXPIRED', {
    en: `The event log does not reach back to the cursor ${after}, or has not come so far; read the state anew and subscribe without "after", or with "0" for all that is kept.`,
    zh: `事件日志不包含游标 ${after} 之后的全部内容，或尚未到达该游标；请重新读取状态后不带 "after" 订阅，或用 "0" 获取全部保留的事件。`,
  });
}
