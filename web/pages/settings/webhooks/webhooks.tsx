import { useState } from 'react';
import { useData } from '../../../api/client.ts';
import { WebhooksDocument } from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Empty, Problem, Skeleton } from '../../../ui/states.tsx';
import { WebhookCard } from './webhook-card.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';

/** The programs that events are sent to. */
export default function Webhooks() {
  const { data, error, again } = useData(WebhooksDocument, {});
  const [isCreating, setIsCreating] = useState(false);
  return (
    <div className="stack-5">
      <section className="card">
        <div className="card-head">
          <h2>{t('settings.webhooks')}</h2>
          <button type="button" className="primary" onClick={() => setIsCreating(true)}>
            <Icon name="add" />
            {t('webhook.create')}
          </button>
        </div>
        <p className="prose muted">{t('webhook.explained')}</p>
        {error === undefined ? null : <Problem error={error} again={again} />}
        {data === undefined && error === undefined ? <Skeleton lines={4} /> : null}
        {data?.webhooks.length === 0 ? <Empty>{t('webhook.none')}</Empty> : null}
      </section>
      {data?.webhooks.map((webhook) => (
        <WebhookCard key={webhook.id} webhook={webhook} />
      ))}
      {isCreating ? <WebhookDialog webhook={null} onClose={() => setIsCreating(false)} /> : null}
    </div>
  );
}
