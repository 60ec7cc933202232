import { useState } from 'react';
import { useChange } from '../../../api/client.ts';
import {
  CreateWebhookDocument,
  UpdateWebhookDocument,
  type WebhookDetailsFragment,
} from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { toast } from '../../../ui/toasts.tsx';
import { FilterFields } from './filter-fields.tsx';
import { showWebhookSecret } from './show-webhook-secret.ts';
import { TemplateFields } from './template-fields.tsx';
import { draftOf, inputOf } from './webhook-draft.ts';

export interface WebhookDialogProps {
  /** null: a new one. */
  readonly webhook: WebhookDetailsFragment | null;
  readonly onClose: () => void;
}

export function WebhookDialog({ webhook, onClose }: WebhookDialogProps) {
  const create = useChange(CreateWebhookDocument);
  const update = useChange(UpdateWebhookDocument);
  const [draft, setDraft] = useState(() => draftOf(webhook));
  const submit = async () => {
    const input = inputOf(draft);
    if (webhook === null) {
      showWebhookSecret((await create({ input })).createWebhook.secret);
    } else {
      await update({ id: webhook.id, input });
      toast({ text: t('webhook.saved') });
    }
  };
  return (
    <FormDialog
      title={t(webhook === null ? 'webhook.create' : 'webhook.edit')}
      action={t(webhook === null ? 'webhook.create' : 'action.save')}
      onSubmit={submit}
      onClose={onClose}
    >
      {(problems) => (
        <>
          <Field label={t('webhook.url')} hint={t('webhook.urlHint')} problem={problems.url} wide>
            {(input) => (
              <input
                {...input}
                type="url"
                autoComplete="off"
                spellCheck={false}
                placeholder="https://"
                value={draft.url}
                onChange={(event) => setDraft({ ...draft, url: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('webhook.description')} problem={problems.description} wide>
            {(input) => (
              <input
                {...input}
                autoComplete="off"
                value={draft.description}
                onChange={(event) => setDraft({ ...draft, description: event.target.value })}
              />
            )}
          </Field>
          <FilterFields draft={draft} problems={problems} onChange={setDraft} />
          <TemplateFields draft={draft} problems={problems} onChange={setDraft} />
        </>
      )}
    </FormDialog>
  );
}
