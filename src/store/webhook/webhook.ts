import { AppError } from '../../domain/errors.ts';
import type { Database, Transaction } from '../database/open.ts';
import { translateWriteErrors } from '../failures/write-errors.ts';
import type { Command } from '../user-commands.ts';
import { deliveryStore, webhookNotFound } from './delivery.ts';
import { type StoredWebhook, type WebhookRecord, webhookOf } from './records.ts';

/** The fields that a command may set. */
export interface WebhookFields {
  readonly url: string;
  readonly description: string;
  /** null means all. */
  readonly types: readonly string[] | null;
  readonly userIds: readonly number[];
  readonly tags: readonly string[];
  readonly template: string | null;
  readonly contentType: string;
}

export interface WebhookChanges extends Partial<WebhookFields> {
  readonly enabled?: boolean;
}

export interface ReplayRange {
  readonly after: number;
  readonly until: number;
}

/** Each event is looked at for each webhook. */
const MAX_WEBHOOKS = 100;
const MAX_REPLAYS = 10;

const WITH_QUEUES = { queues: { orderBy: { id: 'asc' } } } as const;

/** The webhooks, their queues and their deliveries. */
export function webhookStore(db: Database) {
  const change = (
    id: number,
    command: Command,
    work: (tx: Transaction, before: StoredWebhook) => Promise<object>,
  ): Promise<WebhookRecord> =>
    translateWriteErrors(
      db.$transaction(async (tx) => {
        const before = await tx.webhook.findUnique({ where: { id }, include: WITH_QUEUES });
        if (before === null) throw webhookNotFound();
        const detail = await work(tx, before);
        await audit(tx, before, command, detail);
        const after = await tx.webhook.findUnique({ where: { id }, include: WITH_QUEUES });
        return webhookOf(after ?? before);
      }),
    );

  return {
    ...deliveryStore(db),

    list: async (): Promise<WebhookRecord[]> => {
      const rows = await db.webhook.findMany({ orderBy: { id: 'asc' }, include: WITH_QUEUES });
      return rows.map(webhookOf);
    },

    /** Rejects with `NOT_FOUND`. */
    get: async (id: number): Promise<WebhookRecord> => {
      const row = await db.webhook.findUnique({ where: { id }, include: WITH_QUEUES });
      if (row === null) throw webhookNotFound();
      return webhookOf(row);
    },

    /** How many were disabled because they did not accept messages. */
    countFailed: (): Promise<number> =>
      db.webhook.count({ where: { disabledReason: { in: ['GONE', 'FAILED'] } } }),

    /** The webhook receives what is logged from now on. */
    create: (fields: WebhookFields, secret: string, command: Command): Promise<WebhookRecord> =>
      translateWriteErrors(
        db.$transaction(async (tx) => {
          if ((await tx.webhook.count()) >= MAX_WEBHOOKS) throw tooManyWebhooks();
          const created = await tx.webhook.create({
            data: {
              ...columnsOf(fields),
              url: fields.url,
              secret,
              createdAt: command.at,
              createdBy: command.actor,
              queues: { create: { cursor: await newestEventId(tx) } },
            },
            include: WITH_QUEUES,
          });
          await audit(tx, created, command, {});
          return webhookOf(created);
        }),
      ),

    /** A new URL, or enabling, also lets a waiting message be sent at once. */
    update: (id: number, { enabled, ...fields }: WebhookChanges, command: Command) =>
      change(id, command, async (tx, before) => {
        const isEnabled = before.disabledAt === null;
        const isSwitched = enabled !== undefined && enabled !== isEnabled;
        const state = enabled
          ? { disabledAt: null, disabledReason: null }
          : { disabledAt: before.disabledAt ?? command.at, disabledReason: 'REQUESTED' };
        await tx.webhook.update({
          where: { id },
          data: { ...columnsOf(fields), ...(enabled !== undefined && state) },
        });
        if (isSwitched || fields.url !== undefined) {
          await tx.webhookQueue.updateMany({
            where: { webhookId: id },
            data: { attempt: 0, nextAt: null, failingSince: null, revision: { increment: 1 } },
          });
        }
        return {
          fields: Object.keys({ ...fields, ...(enabled !== undefined && { enabled }) }),
          ...(fields.url !== undefined && { newReceiver: new URL(fields.url).origin }),
        };
      }),

    /** The present secret also signs until then. */
    rotate: (id: number, secret: string, until: Date, command: Command) =>
      change(id, command, async (tx, before) => {
        await tx.webhook.update({
          where: { id },
          data: { secret, previousSecret: before.secret, previousSecretUntil: until },
        });
        return {};
      }),

    delete: (id: number, command: Command) =>
      change(id, command, async (tx) => {
        await tx.webhook.delete({ where: { id } });
        return {};
      }),

    /** Sends the events of the range again. Rejects with `CONFLICT` if too many replays are running. */
    replay: (id: number, { after, until }: ReplayRange, command: Command) =>
      change(id, command, async (tx, before) => {
        // One of the queues is that of new events.
        if (before.queues.length > MAX_REPLAYS) throw tooManyReplays();
        const range = { after, until: Math.min(until, await newestEventId(tx)) };
        if (range.until > after) {
          const data = { webhookId: id, cursor: after, until: range.until };
          await tx.webhookQueue.create({ data });
        }
        return range;
      }),

    /** Records in the audit log that a message was sent on request. */
    note: (id: number, detail: object, command: Command) => change(id, command, async () => detail),
  };
}

function columnsOf({ types, userIds, tags, ...rest }: Partial<WebhookFields>) {
  return {
    ...rest,
    ...(types !== undefined && { types: types === null ? null : JSON.stringify(types) }),
    ...(userIds !== undefined && { userIds: JSON.stringify(userIds) }),
    ...(tags !== undefined && { tags: JSON.stringify(tags) }),
  };
}

async function newestEventId(tx: Transaction): Promise<number> {
  const [row] = await tx.$queryRaw<{ seq: number | bigint }[]>`
    SELECT "seq" FROM sqlite_sequence WHERE "name" = 'Event'`;
  return Number(row?.seq ?? 0);
}

/** The path and the query of a URL may contain a token of the receiver. */
async function audit(
  tx: Transaction,
  { id, url }: Pick<StoredWebhook, 'id' | 'url'>,
  { actor, action, at }: Command,
  more: object,
): Promise<void> {
  const detail = JSON.stringify({ webhook: id, receiver: new URL(url).origin, ...more });
  await tx.auditEntry.create({ data: { at, actor, action, userId: null, detail } });
}

function tooManyWebhooks(): AppError {
  return new AppError('CONFLICT', {
    en: `There are ${MAX_WEBHOOKS} webhooks already; delete one of them first.`,
    zh: `已有 ${MAX_WEBHOOKS} 个 Webhook；请先删除其中一个。`,
  });
}

function tooManyReplays(): AppError {
  return new AppError('CONFLICT', {
    en: `${MAX_REPLAYS} replays of this webhook are running already; wait until one of them has ended.`,
    zh: `此 Webhook 已有 ${MAX_REPLAYS} 个重放正在进行；请等待其中一个结束。`,
  });
}
