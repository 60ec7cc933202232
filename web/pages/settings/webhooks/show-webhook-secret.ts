import { t } from '../../../text/i18n.ts';
import { showSecret } from '../../../ui/secret.tsx';

/** Shows the secret of a webhook, which cannot be shown again. */
export const showWebhookSecret = (secret: string): void =>
  showSecret({
    title: t('webhook.secretTitle'),
    explained: t('webhook.secretExplained'),
    secret,
    what: t('webhook.secret'),
  });
