import type { Webhook, WebhookQueue } from '../../generated/prisma/client.ts';

export type { WebhookDelivery as DeliveryRecord } from '../../generated/prisma/client.ts';

type Sealed = 'secret' | 'previousSecret';
type Lists = 'types' | 'userIds' | 'tags';

/** A webhook without its sealed secrets, which only what sends messages needs. */
export interface WebhookRecord extends Omit<Webhook, Sealed | Lists> {
  /** null means all. */
  readonly types: readonly string[] | null;
  readonly userIds: readonly number[];
  readonly tags: readonly string[];
  /** The queue of new events comes first, then those of replays. */
  readonly queues: readonly QueueRecord[];
}

export type QueueRecord = WebhookQueue;

/** A webhook with its sealed secrets. */
export interface SealedWebhook extends WebhookRecord, Pick<Webhook, Sealed> {}

export type StoredWebhook = Webhook & { readonly queues: WebhookQueue[] };

export function sealedWebhookOf({ types, userIds, tags, ...rest }: StoredWebhook): SealedWebhook {
  return {
    ...rest,
    types: types === null ? null : JSON.parse(types),
    userIds: JSON.parse(userIds),
    tags: JSON.parse(tags),
  };
}

export function webhookOf(stored: StoredWebhook): WebhookRecord {
  const { secret, previousSecret, ...rest } = sealedWebhookOf(stored);
  return rest;
}
