import * as z from 'zod';
import { invalidField } from '../../domain/errors.ts';
import { type BodyForm, templateProblem } from '../../domain/webhook/template.ts';
import type { WebhookRecord } from '../../store/webhook/records.ts';
import { newWebhookSecret } from '../../webhooks/signature.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';
import { commandOf } from './command-of.ts';
import { createInput, DEFAULTS, updateInput, valuesOf } from './input.ts';

/** How long the former secret signs after a rotation. */
const ROTATION_MS = 24 * 3_600_000;

/** A webhook and its new secret, which is not shown again. */
export interface WebhookSecret {
  readonly webhook: WebhookRecord;
  readonly secret: string;
}

export const createWebhook = useCase(
  'createWebhook',
  'admin',
  createInput,
  async (ctx, { url, ...given }): Promise<WebhookSecret> => {
    const fields = { ...DEFAULTS, ...valuesOf(given), url };
    refuseTemplate(fields);
    await refuseUrl(ctx, url);
    const secret = newWebhookSecret();
    const command = commandOf(ctx, 'createWebhook');
    const webhook = await ctx.store.webhooks.create(fields, ctx.secrets.seal(secret), command);
    ctx.webhookSender.look();
    return { webhook, secret };
  },
);

export const updateWebhook = useCase(
  'updateWebhook',
  'admin',
  updateInput,
  async (ctx, { id, input: { url, enabled, ...given } }): Promise<WebhookRecord> => {
    const changes = valuesOf(given);
    refuseTemplate({ ...(await ctx.store.webhooks.get(id)), ...changes });
    if (url !== undefined) await refuseUrl(ctx, url);
    const webhook = await ctx.store.webhooks.update(
      id,
      { ...changes, ...(url !== undefined && { url }), ...(enabled !== undefined && { enabled }) },
      commandOf(ctx, 'updateWebhook'),
    );
    ctx.webhookSender.look();
    return webhook;
  },
);

export const deleteWebhook = useCase(
  'deleteWebhook',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<{ deletedId: number }> => {
    await ctx.store.webhooks.delete(id, commandOf(ctx, 'deleteWebhook'));
    return { deletedId: id };
  },
);

/** Replaces the secret. For a day, messages are also signed with the former one. */
export const rotateWebhookSecret = useCase(
  'rotateWebhookSecret',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<WebhookSecret> => {
    const secret = newWebhookSecret();
    const command = commandOf(ctx, 'rotateWebhookSecret');
    const until = new Date(command.at.getTime() + ROTATION_MS);
    const sealed = ctx.secrets.seal(secret);
    return { webhook: await ctx.store.webhooks.rotate(id, sealed, until, command), secret };
  },
);

function refuseTemplate(form: BodyForm): void {
  const problem = templateProblem(form);
  if (problem !== null) throw invalidField('template', problem);
}

async function refuseUrl(ctx: Context, url: string): Promise<void> {
  const problem = await ctx.webhookSender.problemOf(url);
  if (problem !== null) throw invalidField('url', problem);
}
