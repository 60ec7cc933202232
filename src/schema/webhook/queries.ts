import * as resolve from '../../resolvers/webhook/queries.ts';
import { builder } from '../builder.ts';
import { inTurns } from '../in-turns.ts';
import { Webhook } from './webhook.ts';

/** How many webhooks the cost of a document assumes. */
const ASSUMED_WEBHOOKS = 20;

builder.queryField('webhooks', (t) =>
  t.field({
    type: [Webhook],
    description: 'All webhooks, sorted by id. Requires the role admin.',
    complexity: { field: 1, multiplier: ASSUMED_WEBHOOKS },
    resolve: async (_, __, ctx) => inTurns(ctx, await resolve.webhooks(ctx, {})),
  }),
);

builder.queryField('webhook', (t) =>
  t.field({
    type: Webhook,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'The id of the webhook.' }) },
    description: 'A webhook; null if there is none with this id. Requires the role admin.',
    resolve: (_, args, ctx) => resolve.webhook(ctx, args),
  }),
);
