import { AppError } from '../../domain/errors.ts';
import type { DisabledReason } from '../../domain/webhook/types.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Database, Transaction } from '../database/open.ts';
import type { Reading } from '../lists/page.ts';
import {
  type DeliveryRecord,
  type QueueRecord,
  type SealedWebhook,
  sealedWebhookOf,
} from './records.ts';

/** How many deliveries of a webhook are kept, besides their age. */
const KEPT_DELIVERIES = 1_000;

export type NewDelivery = Omit<DeliveryRecord, 'id'>;

/** What follows from an attempt. */
export type QueueChange =
  /** The event was received. */
  | { readonly kind: 'next'; readonly cursor: number }
  | {
      readonly kind: 'retry';
      readonly attempt: number;
      readonly nextAt: Date;
      readonly failingSince: Date;
    }
  /** No more attempts: a replay ends, and a webhook gets no more new events. The event stays the next one. */
  | { readonly kind: 'end'; readonly reason: DisabledReason; readonly at: Date };

/** What the sender reads and writes. */
export function deliveryStore(db: Database) {
  return {
    /** The webhooks that are enabled. */
    enabled: async (): Promise<SealedWebhook[]> => {
      const rows = await db.webhook.findMany({
        where: { disabledAt: null },
        orderBy: { id: 'asc' },
        include: { queues: { orderBy: { id: 'asc' } } },
      });
      return rows.map(sealedWebhookOf);
    },

    /** Rejects with `NOT_FOUND`. */
    sealed: async (id: number): Promise<SealedWebhook> => {
      const row = await db.webhook.findUnique({ where: { id }, include: { queues: true } });
      if (row === null) throw webhookNotFound();
      return sealedWebhookOf(row);
    },

    /** No event up to the cursor is left to be sent; a replay that has reached its end is removed. */
    advance: async ({ id, until }: QueueRecord, cursor: number): Promise<void> => {
      if (until !== null && cursor >= until) await db.webhookQueue.deleteMany({ where: { id } });
      else await db.webhookQueue.updateMany({ where: { id }, data: { cursor } });
    },

    /**
     * Records an attempt for the next event of a queue. Does nothing if the webhook was deleted meanwhile. What is not
     * accepted changes nothing if the attempts were started again meanwhile: it says nothing about a new URL. Returns
     * whether the change took effect.
     */
    recordAttempt: (
      queue: QueueRecord,
      delivery: NewDelivery,
      change: QueueChange,
    ): Promise<boolean> =>
      db.$transaction(async (tx) => {
        const left = await tx.webhookQueue.findUnique({ where: { id: queue.id } });
        if (left === null) return false;
        await insert(tx, delivery);
        if (change.kind !== 'next' && left.revision !== queue.revision) return false;
        await applyTo(tx, queue, change);
        return true;
      }),

    /** Records an attempt that belongs to no queue. Rejects with `NOT_FOUND` if the webhook was deleted meanwhile. */
    recordDelivery: (delivery: NewDelivery): Promise<DeliveryRecord> =>
      db.$transaction(async (tx) => {
        const isLeft = await tx.webhook.count({ where: { id: delivery.webhookId } });
        if (isLeft === 0) throw webhookNotFound();
        return insert(tx, delivery);
      }),

    /** Records that events up to the cursor were deleted before they could be sent. */
    recordSkipped: (queue: QueueRecord, cursor: number, delivery: NewDelivery): Promise<void> =>
      db.$transaction(async (tx) => {
        await insert(tx, delivery);
        await tx.webhookQueue.updateMany({ where: { id: queue.id }, data: { cursor } });
      }),

    /** The deliveries of a webhook. Places are ids. */
    deliveries: (
      webhookId: number,
      { limit, after, before, fromEnd }: Reading<number>,
    ): Promise<DeliveryRecord[]> =>
      db.webhookDelivery.findMany({
        where: {
          webhookId,
          id: {
            ...(after !== undefined && { gt: after }),
            ...(before !== undefined && { lt: before }),
          },
        },
        orderBy: { id: fromEnd ? 'desc' : 'asc' },
        take: limit,
      }),

    countDeliveries: (webhookId: number): Promise<number> =>
      db.webhookDelivery.count({ where: { webhookId } }),

    delivery: (id: number): Promise<DeliveryRecord | null> =>
      db.webhookDelivery.findUnique({ where: { id } }),
  };
}

async function insert(tx: Transaction, delivery: NewDelivery): Promise<DeliveryRecord> {
  const { webhookId } = delivery;
  const data: Prisma.WebhookDeliveryUncheckedCreateInput = delivery;
  const inserted = await tx.webhookDelivery.create({ data });
  await tx.$executeRaw`
    DELETE FROM "WebhookDelivery" WHERE "webhookId" = ${webhookId} AND "id" <= (
      SELECT "id" FROM "WebhookDelivery" WHERE "webhookId" = ${webhookId}
      ORDER BY "id" DESC LIMIT 1 OFFSET ${KEPT_DELIVERIES})`;
  return inserted;
}

async function applyTo(
  tx: Transaction,
  { id, until, webhookId }: QueueRecord,
  change: QueueChange,
): Promise<void> {
  switch (change.kind) {
    case 'next': {
      const { cursor } = change;
      const isLast = until !== null && cursor >= until;
      if (isLast) await tx.webhookQueue.delete({ where: { id } });
      else {
        const data = { cursor, attempt: 0, nextAt: null, failingSince: null };
        await tx.webhookQueue.update({ where: { id }, data });
      }
      return;
    }
    case 'retry': {
      const { kind, ...data } = change;
      await tx.webhookQueue.update({ where: { id }, data });
      return;
    }
    case 'end': {
      const { reason, at } = change;
      if (until !== null && reason === 'FAILED') {
        await tx.webhookQueue.delete({ where: { id } });
        return;
      }
      const data = { disabledAt: at, disabledReason: reason };
      await tx.webhook.update({ where: { id: webhookId }, data });
    }
  }
}

export function webhookNotFound(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'There is no webhook with this id; list the webhooks to see which exist.',
    zh: '没有该 ID 的 Webhook；请查看 Webhook 列表。',
  });
}
