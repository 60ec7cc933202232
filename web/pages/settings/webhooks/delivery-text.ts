import type { DeliveryLineFragment } from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';

type Result = Pick<DeliveryLineFragment, 'ok' | 'statusCode' | 'error'>;

/** Whether the receiver accepted a message, in one sentence. */
export function deliveryResult({ ok, statusCode, error }: Result): string {
  if (ok) return t('webhook.accepted', { status: statusCode ?? '' });
  return error ?? t('webhook.refused', { status: statusCode ?? '–' });
}
