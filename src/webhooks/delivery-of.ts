import type { Text } from '../domain/errors.ts';
import type { Message } from '../domain/webhook/message.ts';
import { type DeliveryOrigin, SKIPPED_TYPE } from '../domain/webhook/types.ts';
import type { EventRecord } from '../store/records.ts';
import type { NewDelivery } from '../store/webhook/delivery.ts';
import type { SealedWebhook } from '../store/webhook/records.ts';
import type { Outcome } from './attempt.ts';

export interface Sent {
  readonly id: string;
  readonly message: Message;
  readonly event: EventRecord | null;
  readonly origin: DeliveryOrigin;
  /** Which attempt it was, from 1. */
  readonly number: number;
}

/** The same for each attempt and each replay, so that receivers recognize what they have already. */
export function messageIdOf({ id }: Pick<EventRecord, 'id'>): string {
  return `evt_${id}`;
}

export function deliveryOf(
  { id: webhookId }: SealedWebhook,
  { id: messageId, message, event, origin, number }: Sent,
  { at, ok, statusCode, error, durationMs }: Outcome,
): NewDelivery {
  return {
    ...{ webhookId, messageId, origin, at, ok, statusCode, durationMs },
    eventId: event?.id ?? null,
    type: message.type,
    attempt: number,
    error: error === null ? null : JSON.stringify(error),
  };
}

/** The delivery that stands for the events after a cursor up to `lastId`. */
export function skippedDelivery({
  webhookId,
  cursor,
  lastId,
  at,
}: {
  readonly webhookId: number;
  readonly cursor: number;
  readonly lastId: number;
  readonly at: Date;
}): NewDelivery {
  return {
    ...{ webhookId, at, type: SKIPPED_TYPE, origin: 'SKIPPED', messageId: `skip_${lastId}` },
    ...{ eventId: null, statusCode: null, durationMs: 0, attempt: 0, ok: false },
    error: JSON.stringify(skipped(cursor, lastId)),
  };
}

function skipped(cursor: number, lastId: number): Text {
  return {
    en: `Events after ${cursor} up to ${lastId} were deleted from the log before they could be sent.`,
    zh: `${cursor} 之后至 ${lastId} 的事件在发送之前已从日志中删除。`,
  };
}
