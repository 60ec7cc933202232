import * as z from 'zod';
import type { WebhookRecord } from '../../store/webhook/records.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';

/** Returns all webhooks, sorted by id. */
export const webhooks = useCase(
  'webhooks',
  'admin',
  z.object({}),
  (ctx): Promise<WebhookRecord[]> => ctx.store.webhooks.list(),
);

/** Returns a webhook, or null if there is none with this id. */
export const webhook = useCase(
  'webhook',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<WebhookRecord | null> =>
    (await ctx.store.webhooks.list()).find((one) => one.id === id) ?? null,
);
