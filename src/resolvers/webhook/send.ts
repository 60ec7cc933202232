import * as z from 'zod';
import { AppError, invalidField, type Text } from '../../domain/errors.ts';
import type { WebhookRecord } from '../../store/webhook/records.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';
import { commandOf } from './command-of.ts';
import { type Delivery, deliveryOf } from './deliveries.ts';

/** Sends a message about no event, also to a webhook that is disabled. */
export const testWebhook = useCase(
  'testWebhook',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<Delivery> => {
    await ctx.store.webhooks.note(id, {}, commandOf(ctx, 'testWebhook'));
    return deliveryOf(await ctx.webhookSender.test(await ctx.store.webhooks.sealed(id)));
  },
);

/** Sends the event of a delivery once more. */
export const repeatWebhookDelivery = useCase(
  'repeatWebhookDelivery',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<Delivery> => {
    const repeated = await ctx.store.webhooks.delivery(id);
    if (repeated === null) throw new AppError('NOT_FOUND', NO_DELIVERY);
    const { webhookId, eventId } = repeated;
    if (eventId === null) throw new AppError('CONFLICT', NO_EVENT);
    const range = { after: eventId - 1, before: eventId + 1, limit: 1 };
    const [event] = await ctx.store.events.list({}, range);
    if (event === undefined) throw new AppError('NOT_FOUND', EVENT_IS_GONE);
    const webhook = await ctx.store.webhooks.sealed(webhookId);
    const command = commandOf(ctx, 'repeatWebhookDelivery');
    await ctx.store.webhooks.note(webhookId, { event: eventId }, command);
    return deliveryOf(await ctx.webhookSender.repeat(webhook, event));
  },
);

/** Sends the logged events after one id, up to another or the newest, again. */
export const replayWebhook = useCase(
  'replayWebhook',
  'admin',
  z.object({ id: input.id, after: input.cursor, until: input.cursor.nullish() }),
  async (ctx, { id, after, until }): Promise<WebhookRecord> => {
    if (until != null && until <= after) throw invalidField('until', UNTIL_IS_BEFORE);
    const range = { after, until: until ?? Number.MAX_SAFE_INTEGER };
    const webhook = await ctx.store.webhooks.replay(id, range, commandOf(ctx, 'replayWebhook'));
    ctx.webhookSender.look();
    return webhook;
  },
);

const NO_DELIVERY: Text = {
  en: 'There is no delivery with this id; the newest 1000 of each webhook are kept for 30 days.',
  zh: '没有该 ID 的投递记录；每个 Webhook 仅保留最新的 1000 条，最多 30 天。',
};

const NO_EVENT: Text = {
  en: 'This delivery belongs to no event; use testWebhook to send a test.',
  zh: '此投递不属于任何事件；请用 testWebhook 发送测试。',
};

const EVENT_IS_GONE: Text = {
  en: 'The event of this delivery is no longer in the log.',
  zh: '此投递的事件已不在日志中。',
};

const UNTIL_IS_BEFORE: Text = {
  en: 'must be greater than after',
  zh: '必须大于 after',
};
