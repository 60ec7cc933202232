import { useState } from 'react';
import type { UserRowFragment } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { EditDialog, type EditedUser } from './edit-dialog.tsx';
import { nameOf, useActions } from './use-actions.ts';

type Shown = 'edit' | 'reset' | 'delete' | null;

export interface UserMenuProps {
  readonly user: UserRowFragment & EditedUser;
  readonly onDeleted?: () => void;
}

/** What can be done with a user. */
export function UserMenu({ user, onDeleted }: UserMenuProps) {
  const [shown, setShown] = useState<Shown>(null);
  const close = () => setShown(null);
  return (
    <>
      <Menu
        className="plain icon-button"
        label={t('user.actions', { name: nameOf(user) })}
        button={<Icon name="more" />}
      >
        <Items user={user} onShow={setShown} />
      </Menu>
      {shown === 'edit' ? <EditDialog user={user} onClose={close} /> : null}
      {shown === 'reset' ? <ResetDialog user={user} onClose={close} /> : null}
      {shown === 'delete' ? (
        <DeleteDialog user={user} onClose={close} {...(onDeleted && { onDeleted })} />
      ) : null}
    </>
  );
}

interface ItemsProps {
  readonly user: UserMenuProps['user'];
  readonly onShow: (shown: Shown) => void;
}

function Items({ user, onShow }: ItemsProps) {
  const { enable, restore, kick } = useActions();
  return (
    <>
      <button type="button" onClick={() => onShow('edit')}>
        {t('action.edit')}
      </button>
      <button type="button" onClick={() => void enable(user, !user.enabled)}>
        {t(user.enabled ? 'action.disable' : 'action.enable')}
      </button>
      {user.enforcement.applied === 'MISSING' ? (
        <button type="button" onClick={() => void restore(user)}>
          {t('action.restore')}
        </button>
      ) : null}
      <button type="button" onClick={() => void kick(user)}>
        {t('action.kick')}
      </button>
      <button type="button" onClick={() => onShow('reset')}>
        {t('action.reset')}
      </button>
      <button type="button" className="danger" onClick={() => onShow('delete')}>
        {t('action.delete')}
      </button>
    </>
  );
}

interface ResetProps {
  readonly user: UserMenuProps['user'];
  readonly onClose: () => void;
}

function ResetDialog({ user, onClose }: ResetProps) {
  const { reset } = useActions();
  return (
    <ConfirmDialog
      title={t('user.reset', { name: nameOf(user) })}
      action={t('action.reset')}
      onConfirm={() => reset(user)}
      onClose={onClose}
    >
      <p>{t('user.resetExplained')}</p>
    </ConfirmDialog>
  );
}
