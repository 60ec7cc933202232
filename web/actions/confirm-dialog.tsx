import { type FormEvent, type ReactNode, useState } from 'react';
import { t } from '../text/i18n.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { problemOf } from '../ui/states.tsx';

export interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The text that has to be typed first; absent: none. */
  readonly typed?: string;
  readonly action: string;
  /** Rejects if the server refuses; the dialog then says why and stays open. */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, typed, action, onConfirm, onClose } = props;
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} narrow>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <div>{children}</div>
        {typed === undefined ? null : (
          <Field label={t('action.typeToConfirm', { text: typed })}>
            {(input) => (
              <input
                {...input}
                autoComplete="off"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
        )}
        {problem === undefined ? null : (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="dialog-foot">
          <button type="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button
            type="submit"
            className="danger"
            disabled={isBusy || (typed !== undefined && text.trim() !== typed.trim())}
          >
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
