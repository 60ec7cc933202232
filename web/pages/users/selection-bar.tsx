import { useLayoutEffect, useRef, useState } from 'react';
import { EditManyDialog } from '../../actions/edit-many-dialog.tsx';
import {
  DeleteManyDialog,
  KickManyDialog,
  ResetManyDialog,
} from '../../actions/end-many-dialogs.tsx';
import { TagManyDialog } from '../../actions/tag-many-dialog.tsx';
import { useActions } from '../../actions/use-actions.ts';
import type { UserRowFragment } from '../../api/generated/pages/graphql.ts';
import { t } from '../../text/i18n.ts';
import { count } from '../../text/numbers.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';

const DIALOGS = {
  limits: EditManyDialog,
  tags: TagManyDialog,
  kick: KickManyDialog,
  reset: ResetManyDialog,
  delete: DeleteManyDialog,
} as const;

export interface SelectionBarProps {
  readonly users: readonly UserRowFragment[];
  readonly onClear: () => void;
}

/** What can be done with all selected users at once. */
export function SelectionBar({ users, onClear }: SelectionBarProps) {
  const { enableAll } = useActions();
  const [shown, setShown] = useState<keyof typeof DIALOGS | null>(null);
  const bar = useRef<HTMLElement>(null);
  // What is reported is shown above the bar, as high as it may be.
  useLayoutEffect(() => {
    const element = bar.current;
    const { style } = document.documentElement;
    if (element === null) return;
    const sizes = new ResizeObserver(() =>
      style.setProperty('--selection-height', `calc(${element.offsetHeight}px + var(--space-2))`),
    );
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      style.removeProperty('--selection-height');
    };
  }, []);
  const ShownDialog = shown === null ? null : DIALOGS[shown];
  return (
    <section ref={bar} className="selection-bar" aria-label={t('users.selection')}>
      <strong role="status">{t('users.selected', { count: count(users.length) })}</strong>
      <button type="button" onClick={() => void enableAll(users, true)}>
        {t('action.enable')}
      </button>
      <button type="button" onClick={() => void enableAll(users, false)}>
        {t('action.disable')}
      </button>
      <button type="button" onClick={() => setShown('limits')}>
        {t('users.setLimits')}
      </button>
      <Menu button={t('users.more')}>
        <button type="button" onClick={() => setShown('tags')}>
          {t('action.addTags')}
        </button>
        <button type="button" onClick={() => setShown('kick')}>
          {t('action.kick')}
        </button>
        <button type="button" onClick={() => setShown('reset')}>
          {t('action.reset')}
        </button>
        <button type="button" className="danger" onClick={() => setShown('delete')}>
          {t('action.delete')}
        </button>
      </Menu>
      <button
        type="button"
        className="plain icon-button"
        aria-label={t('users.clearSelection')}
        onClick={onClear}
      >
        <Icon name="close" />
      </button>
      {ShownDialog === null ? null : <ShownDialog users={users} onClose={() => setShown(null)} />}
    </section>
  );
}
