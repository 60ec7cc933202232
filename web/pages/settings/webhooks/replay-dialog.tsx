import { useState } from 'react';
import { useChange } from '../../../api/client.ts';
import { ReplayWebhookDocument } from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { toast } from '../../../ui/toasts.tsx';

export interface ReplayDialogProps {
  readonly webhookId: string;
  readonly onClose: () => void;
}

/** Sends logged events again, besides the new ones. */
export function ReplayDialog({ webhookId, onClose }: ReplayDialogProps) {
  const replay = useChange(ReplayWebhookDocument);
  const [after, setAfter] = useState('');
  return (
    <FormDialog
      narrow
      title={t('webhook.replay')}
      action={t('webhook.replaySubmit')}
      onClose={onClose}
      onSubmit={async () => {
        await replay({ id: webhookId, after: after.trim() });
        toast({ text: t('webhook.replaying') });
      }}
    >
      {(problems) => (
        <Field
          label={t('webhook.replayAfter')}
          hint={t('webhook.replayHint')}
          problem={problems.after && t('webhook.replayNotAnId')}
          wide
        >
          {(input) => (
            <input
              {...input}
              inputMode="numeric"
              autoComplete="off"
              value={after}
              onChange={(event) => setAfter(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  );
}
