import { PLACEHOLDERS } from '../../domain/webhook/template.ts';
import type { WebhookRecord } from '../../resolvers/records.ts';
import * as resolve from '../../resolvers/webhook/commands.ts';
import type { Delivery } from '../../resolvers/webhook/deliveries.ts';
import * as send from '../../resolvers/webhook/send.ts';
import { builder } from '../builder.ts';
import { EventType } from '../event.ts';
import type { Fields } from '../user-commands.ts';
import { WebhookDelivery } from './delivery.ts';
import { Webhook } from './webhook.ts';

const fields = (t: Fields) => ({
  description: t.string({ description: 'What the webhook is for, at most 256 characters.' }),
  types: t.field({ type: [EventType], description: 'The types of the events to send. Null: all.' }),
  userIds: t.idList({
    description:
      'Send only events of these users, at most 1000, and of users with one of the tags. If there are neither, events of all users and interfaces are sent.',
  }),
  tags: t.stringList({ description: 'See `userIds`; at most 20 tags. Their case is ignored.' }),
  template: t.string({
    description: `The body of messages, at most 4000 characters, with placeholders: ${PLACEHOLDERS.map((path) => `{{${path}}}`).join(', ')}. A value that is missing is empty; values are escaped for JSON and forms. Null or empty: the standard message.`,
  }),
  contentType: t.string({
    description:
      'The media type of the body, such as text/plain; charset=utf-8. The standard message is always application/json. Null: application/json.',
  }),
});

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'A new webhook. Absent and null fields take their defaults.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'Where to send messages: https, or http if the address is private. Which addresses are permitted is a setting, WGQL_WEBHOOK_ALLOW_PRIVATE.',
    }),
    ...fields(t),
  }),
});

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'Changes to a webhook. Absent fields stay unchanged; null fields are cleared.',
  fields: (t) => ({
    url: t.string({ description: 'Where to send messages; cannot be null.' }),
    enabled: t.boolean({ description: 'Whether messages are sent; cannot be null.' }),
    ...fields(t),
  }),
});

const secretPayload = (name: string, what: string) =>
  builder.objectRef<resolve.WebhookSecret>(name).implement({
    description: `The result of ${what}.`,
    fields: (t) => ({
      webhook: t.field({
        type: Webhook,
        description: 'The webhook.',
        resolve: ({ webhook }) => webhook,
      }),
      secret: t.exposeString('secret', {
        description:
          'The secret that messages are signed with, for the receiver. It is returned only this once.',
      }),
    }),
  });

const webhookPayload = (name: string, what: string) =>
  builder.objectRef<WebhookRecord>(name).implement({
    description: `The result of ${what}.`,
    fields: (t) => ({
      webhook: t.field({
        type: Webhook,
        description: 'The webhook after the change.',
        resolve: (webhook) => webhook,
      }),
    }),
  });

const deliveryPayload = (name: string, what: string) =>
  builder.objectRef<Delivery>(name).implement({
    description: `The result of ${what}.`,
    fields: (t) => ({
      delivery: t.field({
        type: WebhookDelivery,
        description: 'What the receiver answered.',
        resolve: (delivery) => delivery,
      }),
    }),
  });

const id = builder.args((t) => ({
  id: t.id({ required: true, description: 'The id of the webhook.' }),
}));

builder.mutationFields((t) => ({
  createWebhook: t.field({
    type: secretPayload('CreateWebhookPayload', 'createWebhook'),
    args: {
      input: t.arg({ type: CreateWebhookInput, required: true, description: 'The new webhook.' }),
    },
    description:
      'Creates a webhook, which receives the events that are logged from now on. CONFLICT if there are 100 already. Requires the role admin.',
    resolve: (_, { input }, ctx) => resolve.createWebhook(ctx, input),
  }),
  updateWebhook: t.field({
    type: webhookPayload('UpdateWebhookPayload', 'updateWebhook'),
    args: {
      ...id,
      input: t.arg({ type: UpdateWebhookInput, required: true, description: 'What to change.' }),
    },
    description:
      'Changes a webhook. After a new URL, or when it is enabled, the next event is sent at once. NOT_FOUND if there is no such webhook. Requires the role admin.',
    resolve: (_, { id: webhookId, input: { url, enabled, ...input } }, ctx) =>
      resolve.updateWebhook(ctx, {
        id: webhookId,
        input: {
          ...input,
          url: url as string | undefined,
          enabled: enabled as boolean | undefined,
        },
      }),
  }),
  deleteWebhook: t.field({
    type: builder.objectRef<{ deletedId: number }>('DeleteWebhookPayload').implement({
      description: 'The result of deleteWebhook.',
      fields: (f) => ({
        deletedId: f.exposeID('deletedId', { description: 'The id of the deleted webhook.' }),
      }),
    }),
    args: id,
    description:
      'Deletes a webhook and its deliveries. NOT_FOUND if there is no such webhook. Requires the role admin.',
    resolve: (_, args, ctx) => resolve.deleteWebhook(ctx, args),
  }),
  rotateWebhookSecret: t.field({
    type: secretPayload('RotateWebhookSecretPayload', 'rotateWebhookSecret'),
    args: id,
    description:
      'Replaces the secret. For 24 hours, messages are also signed with the former one. NOT_FOUND if there is no such webhook. Requires the role admin.',
    resolve: (_, args, ctx) => resolve.rotateWebhookSecret(ctx, args),
  }),
  testWebhook: t.field({
    type: deliveryPayload('TestWebhookPayload', 'testWebhook'),
    args: id,
    description:
      'Sends a message of the type webhook.test once, also to a webhook that is disabled, and waits for the answer, at most 15 seconds. NOT_FOUND if there is no such webhook. Requires the role admin.',
    resolve: (_, args, ctx) => send.testWebhook(ctx, args),
  }),
  replayWebhook: t.field({
    type: webhookPayload('ReplayWebhookPayload', 'replayWebhook'),
    args: {
      ...id,
      after: t.arg.id({
        required: true,
        description: 'Send the events after this id; "0" begins with the oldest in the log.',
      }),
      until: t.arg.id({
        description: 'The id of the last event to send. Null: the newest one at this moment.',
      }),
    },
    description:
      'Sends logged events again, in order, besides the new ones. NOT_FOUND if there is no such webhook, CONFLICT if 10 replays of it are running. Requires the role admin.',
    resolve: (_, args, ctx) => send.replayWebhook(ctx, args),
  }),
  repeatWebhookDelivery: t.field({
    type: deliveryPayload('RepeatWebhookDeliveryPayload', 'repeatWebhookDelivery'),
    args: { id: t.arg.id({ required: true, description: 'The id of the delivery.' }) },
    description:
      'Sends the event of a delivery once more and waits for the answer, at most 15 seconds. NOT_FOUND if there is no such delivery, or the log no longer has the event; CONFLICT if it belongs to no event. Requires the role admin.',
    resolve: (_, args, ctx) => send.repeatWebhookDelivery(ctx, args),
  }),
}));
