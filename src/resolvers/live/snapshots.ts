import * as z from 'zod';
import { type Dashboard, readDashboard } from '../overview/dashboard.ts';
import { readStatus, type Status } from '../overview/status.ts';
import { liveCase } from '../use-case.ts';

/** Sends the dashboard now, and again whenever a value of these fields changes. */
export const liveDashboard = liveCase(
  'self',
  z.object({ fields: z.array(z.string()) }),
  'commit',
  (ctx, { fields }, subscription) =>
    snapshots<Dashboard>(
      subscription,
      () => readDashboard(ctx),
      // Rates change with every poll, which would be repetitions for those who do not read them.
      (dashboard) => fields.map((field) => dashboard[field as keyof Dashboard]),
    ),
);

/** Sends the status now, and again whenever a value other than a time changes. */
export const liveStatus = liveCase('self', z.object({}), 'status', (ctx, _, subscription) =>
  snapshots<Status>(
    subscription,
    () => readStatus(ctx),
    ({ uptimeSeconds, lastPollAt, serverTime, ...status }) => ({
      ...status,
      interfaces: status.interfaces.map(({ lastReadAt, ...one }) => one),
    }),
  ),
);

/** Yields what `read` returns, now and after each notification that changed the `compared` part of it. */
async function* snapshots<T>(
  notifications: AsyncIterable<unknown>,
  read: () => Promise<T>,
  compared: (value: T) => object,
): AsyncGenerator<T, void, void> {
  let lastSent: string | null = null;
  const readIfChanged = async () => {
    const value = await read();
    const text = textOf(compared(value));
    if (text === lastSent) return [];
    lastSent = text;
    return [value];
  };
  yield* await readIfChanged();
  for await (const _ of notifications) yield* await readIfChanged();
}

function textOf(value: object): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}
