import { useState } from 'react';
import type { WebhookDetailsFragment } from '../../../api/generated/pages/graphql.ts';
import { eventName } from '../../../events/event-text.ts';
import { UserName } from '../../../lists/user-name.tsx';
import { actorName } from '../../../text/actor-name.ts';
import { t } from '../../../text/i18n.ts';
import { count } from '../../../text/numbers.ts';
import { Ago } from '../../../ui/values.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookActions } from './webhook-actions.tsx';

/** Where a webhook sends what, whether it does, and what was sent. */
export function WebhookCard({ webhook }: { readonly webhook: WebhookDetailsFragment }) {
  // Increases with each message that was sent from here.
  const [sent, setSent] = useState(0);
  const { id, url, description, types, userIds, tags, template, createdAt, createdBy } = webhook;
  const { host } = new URL(url);
  return (
    <section className="card" aria-label={description || host}>
      <div className="card-head">
        <h2>{description || host}</h2>
        <StateBadge webhook={webhook} />
        <WebhookActions webhook={webhook} onSent={() => setSent((before) => before + 1)} />
      </div>
      <dl className="facts">
        <dt>{t('webhook.url')}</dt>
        <dd>
          <code>{url}</code>
        </dd>
        <dt>{t('webhook.types')}</dt>
        <dd>{types === null ? t('webhook.allTypes') : types.map(eventName).join(', ')}</dd>
        {userIds.length + tags.length === 0 ? null : (
          <>
            <dt>{t('webhook.onlyFor')}</dt>
            <dd className="chips">
              {userIds.map((userId) => (
                <span key={userId} className="badge">
                  <UserName id={userId} />
                </span>
              ))}
              {tags.map((tag) => (
                <span key={tag} className="badge">
                  {t('webhook.tag', { tag })}
                </span>
              ))}
            </dd>
          </>
        )}
        <dt>{t('webhook.message')}</dt>
        <dd>{t(template === null ? 'webhook.standard' : 'webhook.ownTemplate')}</dd>
        <dt>{t('webhook.created')}</dt>
        <dd>
          <Ago at={createdAt} /> {t('event.by', { actor: actorName(createdBy) })}
        </dd>
        <Troubles webhook={webhook} />
      </dl>
      <Deliveries webhookId={id} sent={sent} />
    </section>
  );
}

function StateBadge({ webhook }: { readonly webhook: WebhookDetailsFragment }) {
  const { disabledReason, failedAttempts } = webhook;
  if (disabledReason !== null) {
    const weight = disabledReason === 'REQUESTED' ? '' : ' bad';
    return <span className={`badge${weight}`}>{t(`webhook.disabled.${disabledReason}`)}</span>;
  }
  if (failedAttempts > 0) return <span className="badge warn">{t('webhook.failing')}</span>;
  return <span className="badge good">{t('webhook.enabled')}</span>;
}

function Troubles({ webhook }: { readonly webhook: WebhookDetailsFragment }) {
  const { failedAttempts, failingSince, nextAttemptAt, replays, previousSecretUntil } = webhook;
  return (
    <>
      {failingSince === null ? null : (
        <>
          <dt>{t('webhook.failingSince')}</dt>
          <dd>
            <Ago at={failingSince} /> {t('webhook.attempts', { count: failedAttempts })}
          </dd>
        </>
      )}
      {nextAttemptAt === null ? null : (
        <>
          <dt>{t('webhook.nextAttempt')}</dt>
          <dd>
            <Ago at={nextAttemptAt} />
          </dd>
        </>
      )}
      {replays === 0 ? null : (
        <>
          <dt>{t('webhook.replays')}</dt>
          <dd>{count(replays)}</dd>
        </>
      )}
      {previousSecretUntil === null ? null : (
        <>
          <dt>{t('webhook.previousSecret')}</dt>
          <dd>
            <Ago at={previousSecretUntil} />
          </dd>
        </>
      )}
    </>
  );
}
