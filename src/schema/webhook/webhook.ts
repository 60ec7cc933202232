import type { EventType as EventTypeName } from '../../domain/event-type.ts';
import { DISABLED_REASONS, type DisabledReason } from '../../domain/webhook/types.ts';
import type { WebhookRecord } from '../../resolvers/records.ts';
import { deliveries } from '../../resolvers/webhook/deliveries.ts';
import { builder } from '../builder.ts';
import { logPageArgs } from '../connection.ts';
import { EventType } from '../event.ts';
import { Node } from '../node.ts';
import { WebhookDeliveryConnection } from './delivery.ts';

const REASONS: Record<DisabledReason, string> = {
  REQUESTED: 'updateWebhook disabled it.',
  GONE: 'The receiver answered with HTTP 410.',
  FAILED: 'All attempts to send an event failed.',
};

const WebhookDisabledReason = builder.enumType('WebhookDisabledReason', {
  description: 'Why a webhook receives nothing.',
  values: Object.fromEntries(
    DISABLED_REASONS.map((reason) => [reason, { description: REASONS[reason] }]),
  ) as Record<DisabledReason, { description: string }>,
});

/** The queue of new events, which every webhook has. */
const live = ({ queues }: WebhookRecord) => queues.find(({ until }) => until === null);

export const Webhook = builder.objectRef<WebhookRecord>('Webhook').implement({
  interfaces: [Node],
  description:
    'A receiver that events are sent to over HTTP, as Standard Webhooks 1.0.0 describes. Visible only to the role admin.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number.' }),
    url: t.exposeString('url', { description: 'Where messages are sent.' }),
    description: t.exposeString('description', { description: 'What the webhook is for.' }),
    types: t.field({
      type: [EventType],
      nullable: true,
      description: 'The types of the events that are sent; null means all.',
      resolve: ({ types }) => types as EventTypeName[] | null,
    }),
    userIds: t.idList({
      description:
        'Only events of these users, and of users with one of the tags, are sent. If both are empty, those of all users and interfaces are.',
      resolve: ({ userIds }) => [...userIds],
    }),
    tags: t.stringList({
      description: 'See `userIds`. The tags that a user has when the event is sent count.',
      resolve: ({ tags }) => [...tags],
    }),
    template: t.exposeString('template', {
      nullable: true,
      description: 'The body with placeholders; null means the standard message.',
    }),
    contentType: t.exposeString('contentType', { description: 'The media type of the body.' }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when nothing is sent; null if the webhook is enabled. When it is enabled again, it receives what was logged meanwhile.',
    }),
    disabledReason: t.field({
      type: WebhookDisabledReason,
      nullable: true,
      description: 'Why nothing is sent; null if the webhook is enabled.',
      resolve: ({ disabledReason }) => disabledReason as DisabledReason | null,
    }),
    cursor: t.id({
      description: 'The id of the last event that was accepted or is not wanted.',
      resolve: (webhook) => live(webhook)?.cursor ?? 0,
    }),
    failedAttempts: t.int({
      description: 'How often the next event was sent without success.',
      resolve: (webhook) => live(webhook)?.attempt ?? 0,
    }),
    failingSince: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the next event was sent first; null if no attempt has failed.',
      resolve: (webhook) => live(webhook)?.failingSince ?? null,
    }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the next event is sent again; null if no attempt has failed.',
      resolve: (webhook) => live(webhook)?.nextAt ?? null,
    }),
    replays: t.int({
      description: 'How many replays have not ended.',
      resolve: ({ queues }) => queues.filter(({ until }) => until !== null).length,
    }),
    previousSecretUntil: t.expose('previousSecretUntil', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until when the secret before the last rotation also signs; null if the secret was never rotated.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the webhook was created.',
    }),
    createdBy: t.exposeString('createdBy', {
      description: 'Who created the webhook: the name of a token, or "local".',
    }),
    deliveries: t.field({
      type: WebhookDeliveryConnection,
      args: logPageArgs,
      description:
        'The attempts to send messages, oldest first unless `newestFirst` is set. A cursor is the id of a delivery.',
      resolve: ({ id }, args, ctx) => deliveries(ctx, { ...args, webhookId: id }),
    }),
  }),
});
