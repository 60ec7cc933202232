import { z } from 'zod';
import { type Dashboard, readDashboard } from '../dashboard.ts';
import { readStatus, type Status } from '../status.ts';
import { liveCase } from '../use-case.ts';

/** The dashboard now, then again whenever a number on it has changed. */
export const liveDashboard = liveCase('viewer', z.object({}), 'commit', (ctx, _, subscription) =>
  snapshots<Dashboard>(
    subscription,
    () => readDashboard(ctx),
    (dashboard) => dashboard,
  ),
);

/** The status now, then again whenever more of it has changed than the time that passes anyway. */
export const liveStatus = liveCase('viewer', z.object({}), 'status', (ctx, _, subscription) =>
  snapshots<Status>(
    subscription,
    () => readStatus(ctx),
    ({ uptimeSeconds, lastPollAt, ...status }) => ({
      ...status,
      interfaces: status.interfaces.map(({ lastReadAt, ...one }) => one),
    }),
  ),
);

/** What `read` answers now, and again after each word of the topic that changed `essence`. */
async function* snapshots<T>(
  words: AsyncIterable<unknown>,
  read: () => Promise<T>,
  essence: (value: T) => object,
): AsyncGenerator<T, void, void> {
  let shown: string | null = null;
  const take = async () => {
    const value = await read();
    const text = textOf(essence(value));
    if (text === shown) return [];
    shown = text;
    return [value];
  };
  yield* await take();
  for await (const _ of words) yield* await take();
}

function textOf(value: object): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}
