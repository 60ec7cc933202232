import { useChange } from '../api/client.ts';
import {
  DeleteUserDocument,
  KickUserDocument,
  ResetTrafficDocument,
} from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { toast } from '../ui/toasts.tsx';
import { changedUsers } from './changed-users.ts';
import { ManyDialog } from './many-dialog.tsx';
import { type Named, textOf } from './use-actions.ts';

export interface EndManyProps {
  readonly users: readonly Named[];
  readonly onClose: () => void;
}

/** Disconnects many users, who may connect again. */
export function KickManyDialog({ users, onClose }: EndManyProps) {
  const kick = useChange(KickUserDocument);
  return (
    <ManyDialog
      users={users}
      title={t('users.kick', { count: users.length })}
      action={t('action.kick')}
      work={({ id }) => kick({ id })}
      onDone={(outcome) => toast({ text: textOf(outcome, 'users.kicked') })}
      onClose={onClose}
    >
      <p>{t('users.kickExplained')}</p>
    </ManyDialog>
  );
}

export function ResetManyDialog({ users, onClose }: EndManyProps) {
  const reset = useChange(ResetTrafficDocument);
  return (
    <ManyDialog
      users={users}
      title={t('users.reset', { count: users.length })}
      action={t('action.reset')}
      work={async ({ id }) => changedUsers.reportOne((await reset({ id })).resetTraffic.user)}
      onDone={(outcome) => toast({ text: textOf(outcome, 'users.resetDone') })}
      onClose={onClose}
    >
      <p>{t('user.resetExplained')}</p>
    </ManyDialog>
  );
}

/** Deletes many users after their number was typed. */
export function DeleteManyDialog({ users, onClose }: EndManyProps) {
  const remove = useChange(DeleteUserDocument);
  return (
    <ManyDialog
      users={users}
      title={t('users.delete', { count: users.length })}
      action={t('action.delete')}
      isDangerous
      typed={String(users.length)}
      work={({ id }) => remove({ id })}
      onDone={(outcome) => {
        changedUsers.report(new Map(outcome.changed.map(({ id }) => [id, null])));
        toast({ text: textOf(outcome, 'users.deleted') });
      }}
      onClose={onClose}
    >
      <p>{t('user.deleteExplained')}</p>
    </ManyDialog>
  );
}
