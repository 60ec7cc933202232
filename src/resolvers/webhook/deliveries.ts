import * as z from 'zod';
import { storedText, type Text } from '../../domain/errors.ts';
import type { DeliveryOrigin } from '../../domain/webhook/types.ts';
import type { DeliveryRecord } from '../../store/webhook/records.ts';
import * as input from '../input.ts';
import { type Connection, logList, logPageInput, pageOf } from '../pages/page.ts';
import { useCase } from '../use-case.ts';

/** A delivery as administrators see it. */
export interface Delivery extends Omit<DeliveryRecord, 'error' | 'origin'> {
  readonly origin: DeliveryOrigin;
  readonly error: Text | null;
}

export function deliveryOf({ error, origin, ...rest }: DeliveryRecord): Delivery {
  return { ...rest, origin: origin as DeliveryOrigin, error: storedText(error) };
}

/** Returns a page of the deliveries of a webhook; cursors are ids. */
export const deliveries = useCase(
  'deliveries',
  'admin',
  z.object({ ...logPageInput, webhookId: z.int() }),
  async (ctx, { webhookId, newestFirst, ...page }): Promise<Connection<Delivery>> => {
    const store = ctx.store.webhooks;
    const list = logList(
      {
        read: async (reading) => (await store.deliveries(webhookId, reading)).map(deliveryOf),
        count: () => store.countDeliveries(webhookId),
      },
      newestFirst,
    );
    return pageOf(list, page);
  },
);

/** Returns a delivery, or null if there is none with this id. */
export const delivery = useCase(
  'delivery',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<Delivery | null> => {
    const found = await ctx.store.webhooks.delivery(id);
    return found === null ? null : deliveryOf(found);
  },
);
