import { type ReactNode, useEffect, useId, useRef } from 'react';
import { t } from '../text/i18n.ts';
import { Icon } from './icon.tsx';
import { raiseToasts } from './toasts.tsx';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly narrow?: boolean;
  /** Whether it closes only by its own buttons, because what it shows cannot be shown again. */
  readonly mustBeConfirmed?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog, open as long as it is rendered. The browser keeps the focus in it and gives it back. */
export function Dialog({ title, onClose, narrow, mustBeConfirmed, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    raiseToasts();
    return () => shown?.close();
  }, []);
  useEffect(() => {
    if (!mustBeConfirmed) return;
    // Chromium lets a page refuse only the first of several Escapes, unless the key itself is stopped.
    const stop = (event: KeyboardEvent) => {
      if (event.key === 'Escape') event.preventDefault();
    };
    document.addEventListener('keydown', stop);
    return () => document.removeEventListener('keydown', stop);
  }, [mustBeConfirmed]);
  return (
    <dialog
      ref={dialog}
      className={narrow ? 'narrow' : undefined}
      aria-labelledby={titleId}
      {...(mustBeConfirmed && { closedby: 'none' })}
      onCancel={(event) => {
        event.preventDefault();
        if (!mustBeConfirmed) onClose();
      }}
      onClose={() => {
        // By another way that the browser has; while it is rendered, it is open.
        if (dialog.current?.open) return;
        if (mustBeConfirmed) dialog.current?.showModal();
        else onClose();
      }}
    >
      <div className="dialog-body">
        <div className="card-head">
          <h2 id={titleId}>{title}</h2>
          {mustBeConfirmed ? null : (
            <button
              type="button"
              className="plain icon-button"
              aria-label={t('action.close')}
              onClick={onClose}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
