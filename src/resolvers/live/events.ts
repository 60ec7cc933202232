import * as z from 'zod';
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
 * Streams the event log: the stored events after the cursor, then each new event, each exactly once and
 * in order. Without a cursor, only new events. `CURSOR_EXPIRED` if events after the cursor have been
 * deleted, or if the cursor is newer than the log.
 */
export const liveEvents = liveCase(
  'self',
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
    /** All matching events up to this id have been sent; null until the first new event arrives. */
    let seenId = resumedAfter(ctx) ?? after ?? null;
    if (seenId !== null) seenId = yield* replay(ctx, filter, seenId, { isClients: true });
    for await (const published of subscription) {
      const fresh = unseen(published, seenId);
      const [first, last] = [fresh[0], fresh.at(-1)];
      if (first === undefined || last === undefined) continue;
      seenId ??= first.id - 1;
      if (last.id - seenId === fresh.length) {
        const visible = await ctx.store.events.visible(fresh);
        yield* visible.filter((event) => matches(event, filter));
      } else {
        // Ids are missing: their events were committed, but will be published later or were already replayed.
        seenId = yield* replay(ctx, filter, seenId, { isClients: false });
      }
      seenId = Math.max(seenId, last.id);
    }
  },
);

function resumedAfter({ resumeAfter }: Context): number | null {
  return resumeAfter === undefined ? null : input.cursor.parse(resumeAfter);
}

/** Returns the events after an id, sorted by id. */
function unseen(published: readonly LoggedEvent[], seenId: number | null): LoggedEvent[] {
  return published
    .filter(({ id }) => seenId === null || id > seenId)
    .toSorted((a, b) => a.id - b.id);
}

/**
 * Yields the stored events after an id, page by page. Returns the id up to which all have been sent. `isClients`: the id
 * is the client's own cursor.
 */
async function* replay(
  ctx: Context,
  filter: EventFilter,
  after: number,
  { isClients }: { readonly isClients: boolean },
): AsyncGenerator<EventRecord, number, void> {
  let lastId = after;
  for (;;) {
    const { newestId } = await ctx.store.events.bounds();
    // A cursor that the log has not reached, such as one of another database. The newest id is that of the reader's own
    // events, and ids of others may precede it.
    if (isClients && after > newestId) throw cursorExpired(after);
    const page = await ctx.store.events.list(filter, { limit: PAGE, after: lastId });
    // Checked after each page: retention may have deleted the next events while the client was slow.
    await refuseDropped(ctx, lastId);
    yield* page;
    lastId = page.at(-1)?.id ?? lastId;
    if (page.length < PAGE) return Math.max(lastId, newestId);
  }
}

function matches({ type, userId }: LoggedEvent, { types, userIds }: EventFilter): boolean {
  return (types?.includes(type) ?? true) && (userIds?.some((id) => id === userId) ?? true);
}

/** Cursor 0 asks for all stored events, so events that were already deleted do not make it invalid. */
async function refuseDropped(ctx: Context, after: number): Promise<void> {
  const { droppedId } = await ctx.store.events.bounds();
  if (after !== 0 && after < droppedId) throw cursorExpired(after);
}

function cursorExpired(after: number): AppError {
  return new AppError('CURSOR_EXPIRED', {
    en: `The event log no longer contains all events after the cursor ${after}, or has not reached it yet; read the current state again, then subscribe without "after", or with "0" for all stored events.`,
    zh: `事件日志已不包含游标 ${after} 之后的全部事件，或尚未到达该游标；请重新读取当前状态，然后不带 "after" 订阅，或用 "0" 获取所有已保存的事件。`,
  });
}
