import { type ReactNode, useRef, useState } from 'react';
import { t } from '../text/i18n.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { eachUser } from './each-user.ts';
import { FailureList } from './failure-list.tsx';
import type { Named, Outcome } from './use-actions.ts';

export interface ManyDialogProps<User extends Named> {
  readonly users: readonly User[];
  readonly title: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  /** The text that has to be typed first; absent: none. */
  readonly typed?: string;
  readonly isReady?: boolean;
  readonly children: ReactNode;
  readonly work: (user: User) => Promise<unknown>;
  /** Called when all are done, also if some failed. */
  readonly onDone: (outcome: Outcome<User>) => void;
  readonly onClose: () => void;
}

/** Does something with many users, one after the other, and lists those with whom it failed. */
export function ManyDialog<User extends Named>(props: ManyDialogProps<User>) {
  const { title, action, isDangerous, typed, isReady = true, children } = props;
  // Those who were selected when it opened; what is done may change the selection.
  const [users] = useState(props.users);
  const [text, setText] = useState('');
  const [done, setDone] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Outcome<User> | null>(null);
  const isStopped = useRef(false);
  const onClose = () => {
    isStopped.current = true;
    props.onClose();
  };
  const { isBusy, submit } = useSubmit(async () => {
    const result = await eachUser(users, props.work, (count) => {
      setDone(count);
      return !isStopped.current;
    });
    props.onDone(result);
    if (result.failed.length > 0) setOutcome(result);
    else onClose();
  });
  return (
    <Dialog title={title} onClose={onClose} narrow>
      {outcome === null ? (
        <form className="stack" noValidate onSubmit={submit}>
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
          {done === null ? null : (
            <p role="status">{t('users.progress', { done, total: users.length })}</p>
          )}
          <div className="dialog-foot">
            <button type="button" onClick={onClose}>
              {t('action.cancel')}
            </button>
            <button
              type="submit"
              className={isDangerous ? 'danger' : 'primary'}
              disabled={isBusy || !isReady || (typed !== undefined && text.trim() !== typed)}
            >
              {action}
            </button>
          </div>
        </form>
      ) : (
        <FailureList outcome={outcome} onClose={onClose} />
      )}
    </Dialog>
  );
}
