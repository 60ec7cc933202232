import type { ReactNode } from 'react';
import { t } from '../text/i18n.ts';
import { Dialog } from './dialog.tsx';
import { useSubmit } from './use-submit.ts';

export interface FormDialogProps {
  readonly title: string;
  readonly action: string;
  readonly narrow?: boolean;
  /** Rejects if the server refuses; the dialog then says why and stays open. */
  readonly onSubmit: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: (problems: Readonly<Record<string, string>>) => ReactNode;
}

/** A form in a dialog that closes when the server has accepted it. */
export function FormDialog(props: FormDialogProps) {
  const { title, action, narrow, onSubmit, onClose, children } = props;
  const { isBusy, problems, problem, submit } = useSubmit(async () => {
    await onSubmit();
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose} narrow={narrow === true}>
      <form className="stack" noValidate onSubmit={submit}>
        <div className="form">{children(problems)}</div>
        {problem === null ? null : (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="dialog-foot">
          <button type="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="primary" disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
