import { z } from 'zod';
import type { Topics } from '../live/topics.ts';
import type { Context } from './context.ts';
import { type Dashboard, readDashboard } from './dashboard.ts';
import { readStatus, type Status } from './status.ts';
import { liveCase } from './use-case.ts';

/** The dashboard now, then again whenever a number on it has changed. */
export const liveDashboard = liveCase('viewer', z.object({}), (ctx) =>
  snapshots<Dashboard>(ctx, 'commit', readDashboard, (dashboard) => dashboard),
);

/** The status now, then again whenever more of it has changed than the time that passes anyway. */
export const liveStatus = liveCase('viewer', z.object({}), (ctx) =>
  snapshots<Status>(ctx, 'status', readStatus, ({ uptimeSeconds, lastPollAt, ...status }) => ({
    ...status,
    interfaces: status.interfaces.map(({ lastReadAt, ...one }) => one),
  })),
);

/** What `read` answers now, and again after each word of the topic that changed `essence`. */
async function* snapshots<T>(
  ctx: Context,
  topic: keyof Topics,
  read: (ctx: Context) => Promise<T>,
  essence: (value: T) => object,
): AsyncGenerator<T, void, void> {
  const subscription = ctx.bus.subscribe(topic);
  try {
    let shown: string | null = null;
    const take = async () => {
      const value = await read(ctx);
      const text = textOf(essence(value));
      if (text === shown) return [];
      shown = text;
      return [value];
    };
    yield* await take();
    for await (const _ of subscription) yield* await take();
  } finally {
    subscription.close();
  }
}

function textOf(value: object): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}
