import { DELIVERY_ORIGINS, type DeliveryOrigin } from '../../domain/webhook/types.ts';
import type { Delivery } from '../../resolvers/webhook/deliveries.ts';
import { builder } from '../builder.ts';
import { defineConnection } from '../connection.ts';
import { Node } from '../node.ts';

const ORIGINS: Record<DeliveryOrigin, string> = {
  LIVE: 'The event was new.',
  REPLAY: 'replayWebhook sent the event again.',
  REPEAT: 'repeatWebhookDelivery sent the event again.',
  TEST: 'testWebhook sent a message about no event.',
  SKIPPED: 'Nothing was sent, because the events had been deleted from the log.',
};

const WebhookDeliveryOrigin = builder.enumType('WebhookDeliveryOrigin', {
  description: 'Why a message was sent.',
  values: Object.fromEntries(
    DELIVERY_ORIGINS.map((origin) => [origin, { description: ORIGINS[origin] }]),
  ) as Record<DeliveryOrigin, { description: string }>,
});

export const WebhookDelivery = builder.objectRef<Delivery>('WebhookDelivery').implement({
  interfaces: [Node],
  description:
    'One attempt to send a message to a webhook. The newest 1000 of each webhook are kept, for 30 days.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Increases with every attempt.' }),
    eventId: t.exposeID('eventId', {
      nullable: true,
      description: 'The id of the event; null if the message is about no event.',
    }),
    messageId: t.exposeString('messageId', {
      description:
        'The header `webhook-id`: evt_ and the id of the event, the same for each attempt and each replay.',
    }),
    type: t.exposeString('type', { description: 'The type of the message, as `session.started`.' }),
    origin: t.expose('origin', {
      type: WebhookDeliveryOrigin,
      description: 'Why the message was sent.',
    }),
    attempt: t.exposeInt('attempt', {
      description: 'Which attempt it was for this message, from 1; 0 if nothing was sent.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was sent.' }),
    ok: t.exposeBoolean('ok', {
      description: 'Whether the receiver accepted it, which is a status from 200 to 299.',
    }),
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: 'The HTTP status of the response; null if there was none.',
    }),
    error: t.string({
      nullable: true,
      description: 'What failed, in one sentence; null if nothing did.',
      resolve: ({ error }, _, ctx) => error?.[ctx.language] ?? null,
    }),
    durationMs: t.exposeInt('durationMs', {
      description:
        'From the start of the attempt to the answer, or to its failure, in milliseconds.',
    }),
  }),
});

export const WebhookDeliveryConnection = defineConnection<Delivery>(
  'WebhookDelivery',
  WebhookDelivery,
);
