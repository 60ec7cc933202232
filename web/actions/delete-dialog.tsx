import { useChange } from '../api/client.ts';
import { DeleteUserDocument } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { toast } from '../ui/toasts.tsx';
import { changedUsers } from './changed-users.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { type Named, nameOf } from './use-actions.ts';

export interface DeleteDialogProps {
  readonly user: Named;
  readonly onDeleted?: () => void;
  readonly onClose: () => void;
}

/** Deletes a user after its name was typed. */
export function DeleteDialog({ user, onDeleted, onClose }: DeleteDialogProps) {
  const remove = useChange(DeleteUserDocument);
  const name = nameOf(user);
  return (
    <ConfirmDialog
      title={t('user.delete', { name })}
      typed={name}
      action={t('action.delete')}
      onClose={onClose}
      onConfirm={async () => {
        await remove({ id: user.id });
        changedUsers.report(new Map([[user.id, null]]));
        toast({ text: t('user.deleted', { name }) });
        onDeleted?.();
      }}
    >
      <p>{t('user.deleteExplained')}</p>
    </ConfirmDialog>
  );
}
