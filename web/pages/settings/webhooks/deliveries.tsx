import { useCallback, useEffect, useRef, useState } from 'react';
import { useChange } from '../../../api/client.ts';
import {
  type DeliveryLineFragment,
  RepeatWebhookDeliveryDocument,
  WebhookDeliveriesDocument,
} from '../../../api/generated/pages/graphql.ts';
import { readOnce } from '../../../api/read.ts';
import { pageOf } from '../../../lists/page-of.ts';
import { usePages } from '../../../lists/use-pages.ts';
import { t } from '../../../text/i18n.ts';
import { count } from '../../../text/numbers.ts';
import { Empty, Problem, problemOf, Skeleton } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toasts.tsx';
import { When } from '../../../ui/values.tsx';
import { deliveryResult } from './delivery-text.ts';

export interface DeliveriesProps {
  readonly webhookId: string;
  /** The list is read again when it changes. */
  readonly sent: number;
}

/** What was sent to a webhook, read when it is opened. */
export function Deliveries({ webhookId, sent }: DeliveriesProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="card-part" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{t('webhook.deliveries')}</summary>
      {isOpen ? <List webhookId={webhookId} sent={sent} /> : null}
    </details>
  );
}

function List({ webhookId, sent }: DeliveriesProps) {
  const readPage = useCallback(
    async (after: string | null, first: number, signal: AbortSignal) => {
      const { webhook } = await readOnce(
        WebhookDeliveriesDocument,
        { id: webhookId, after, first },
        signal,
      );
      return webhook === null ? { rows: [], next: null } : pageOf(webhook.deliveries);
    },
    [webhookId],
  );
  const { rows, next, isLoading, error, more, restart } = usePages(readPage);
  const read = useRef(sent);
  useEffect(() => {
    if (read.current !== sent) restart();
    read.current = sent;
  });
  if (rows.length === 0) {
    if (error !== null) return <Problem error={error} again={more} />;
    return isLoading ? <Skeleton lines={4} /> : <Empty>{t('webhook.noDeliveries')}</Empty>;
  }
  return (
    <>
      <div className="row small muted">
        {t('webhook.deliveriesKept')}
        <button type="button" className="chip" onClick={restart}>
          {t('webhook.refresh')}
        </button>
      </div>
      <div className="table-wrap">
        <table className="stacked">
          <thead>
            <tr>
              <th scope="col">{t('webhook.at')}</th>
              <th scope="col">{t('webhook.type')}</th>
              <th scope="col">{t('webhook.result')}</th>
              <th scope="col" className="end">
                {t('webhook.duration')}
              </th>
              <th>
                <span className="visually-hidden">{t('webhook.repeat')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((delivery) => (
              <Row key={delivery.id} delivery={delivery} onRepeated={restart} />
            ))}
          </tbody>
        </table>
      </div>
      {error === null ? null : <Problem error={error} again={more} />}
      {next === null ? null : (
        <button type="button" disabled={isLoading} onClick={more}>
          {t('list.more')}
        </button>
      )}
    </>
  );
}

interface RowProps {
  readonly delivery: DeliveryLineFragment;
  readonly onRepeated: () => void;
}

function Row({ delivery, onRepeated }: RowProps) {
  const { id, at, type, eventId, attempt, origin, ok, statusCode, durationMs } = delivery;
  const repeat = useChange(RepeatWebhookDeliveryDocument);
  const [isBusy, setIsBusy] = useState(false);
  const sendAgain = async () => {
    setIsBusy(true);
    try {
      toast({ text: deliveryResult((await repeat({ id })).repeatWebhookDelivery.delivery) });
      onRepeated();
    } catch (error) {
      toast({ text: problemOf(error) });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <tr>
      <th scope="row">
        <When at={at} />
      </th>
      <td data-label={t('webhook.type')}>
        <code>{type}</code>
        <span className="muted small">
          {' '}
          {[
            t(`webhook.origin.${origin}`),
            attempt > 1 ? t('webhook.attempt', { attempt: count(attempt) }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </td>
      <td data-label={t('webhook.result')}>
        <span className={ok ? 'badge good' : 'badge bad'}>
          {statusCode ?? t(ok ? 'webhook.ok' : 'webhook.failed')}
        </span>
        {ok ? null : <span className="small"> {delivery.error}</span>}
      </td>
      <td data-label={t('webhook.duration')} className="end nowrap">
        {t('webhook.milliseconds', { ms: count(durationMs) })}
      </td>
      <td className="end">
        {eventId === null ? null : (
          <button type="button" disabled={isBusy} onClick={() => void sendAgain()}>
            {t('webhook.repeat')}
          </button>
        )}
      </td>
    </tr>
  );
}
