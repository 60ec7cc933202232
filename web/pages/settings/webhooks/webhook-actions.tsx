import { useState } from 'react';
import { ConfirmDialog } from '../../../actions/confirm-dialog.tsx';
import { useChange } from '../../../api/client.ts';
import {
  DeleteWebhookDocument,
  RotateWebhookSecretDocument,
  TestWebhookDocument,
  UpdateWebhookDocument,
  type WebhookDetailsFragment,
} from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { problemOf } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toasts.tsx';
import { deliveryResult } from './delivery-text.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { showWebhookSecret } from './show-webhook-secret.ts';
import { WebhookDialog } from './webhook-dialog.tsx';

export interface WebhookActionsProps {
  readonly webhook: WebhookDetailsFragment;
  /** Called when a message was sent. */
  readonly onSent: () => void;
}

/** What an administrator can do with a webhook. */
export function WebhookActions({ webhook, onSent }: WebhookActionsProps) {
  const { id, url, disabledAt } = webhook;
  const test = useChange(TestWebhookDocument);
  const update = useChange(UpdateWebhookDocument);
  const [dialog, setDialog] = useState<'edit' | 'rotate' | 'replay' | 'delete' | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const close = () => setDialog(null);
  const run = async (work: () => Promise<void>) => {
    setIsBusy(true);
    try {
      await work();
    } catch (error) {
      toast({ text: problemOf(error) });
    } finally {
      setIsBusy(false);
    }
  };
  const sendTest = async () => {
    const { delivery } = (await test({ id })).testWebhook;
    toast({ text: deliveryResult(delivery) });
    onSent();
  };
  const setEnabled = async (enabled: boolean) => {
    await update({ id, input: { enabled } });
    toast({
      text: t(enabled ? 'webhook.enabledNow' : 'webhook.disabledNow'),
      undo: () => void run(() => setEnabled(!enabled)),
    });
  };
  return (
    <div className="row">
      <button type="button" disabled={isBusy} onClick={() => void run(sendTest)}>
        {t('webhook.test')}
      </button>
      <button type="button" onClick={() => setDialog('edit')}>
        {t('action.edit')}
      </button>
      <Menu button={<Icon name="more" />} label={t('webhook.more')} className="plain icon-button">
        <button type="button" onClick={() => void run(() => setEnabled(disabledAt !== null))}>
          {t(disabledAt === null ? 'action.disable' : 'action.enable')}
        </button>
        <button type="button" onClick={() => setDialog('replay')}>
          {t('webhook.replay')}
        </button>
        <button type="button" onClick={() => setDialog('rotate')}>
          {t('webhook.rotate')}
        </button>
        <button type="button" className="danger" onClick={() => setDialog('delete')}>
          {t('action.delete')}
        </button>
      </Menu>
      {dialog === 'edit' ? <WebhookDialog webhook={webhook} onClose={close} /> : null}
      {dialog === 'replay' ? <ReplayDialog webhookId={id} onClose={close} /> : null}
      {dialog === 'rotate' ? <RotateDialog id={id} onClose={close} /> : null}
      {dialog === 'delete' ? <DeleteDialog id={id} url={url} onClose={close} /> : null}
    </div>
  );
}

function RotateDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const rotate = useChange(RotateWebhookSecretDocument);
  return (
    <ConfirmDialog
      title={t('webhook.rotateTitle')}
      action={t('webhook.rotate')}
      onClose={onClose}
      onConfirm={async () => {
        const { secret } = (await rotate({ id })).rotateWebhookSecret;
        showWebhookSecret(secret);
      }}
    >
      <p>{t('webhook.rotateExplained')}</p>
    </ConfirmDialog>
  );
}

interface DeleteDialogProps {
  readonly id: string;
  readonly url: string;
  readonly onClose: () => void;
}

function DeleteDialog({ id, url, onClose }: DeleteDialogProps) {
  const remove = useChange(DeleteWebhookDocument);
  const { host } = new URL(url);
  return (
    <ConfirmDialog
      title={t('webhook.deleteTitle', { host })}
      typed={host}
      action={t('action.delete')}
      onClose={onClose}
      onConfirm={async () => {
        await remove({ id });
        toast({ text: t('webhook.deleted', { host }) });
      }}
    >
      <p>{t('webhook.deleteExplained')}</p>
    </ConfirmDialog>
  );
}
