import { useState } from 'react';
import { t } from '../text/i18n.ts';
import { Field } from '../ui/field.tsx';
import { toast } from '../ui/toasts.tsx';
import { namesOf } from '../ui/words.ts';
import { eachUser } from './each-user.ts';
import { ManyDialog } from './many-dialog.tsx';
import { type Named, textOf, toastFailures, useActions } from './use-actions.ts';

export interface TagManyDialogProps {
  readonly users: readonly (Named & { readonly tags: readonly string[] })[];
  readonly onClose: () => void;
}

/** Adds tags to many users, each of whom keeps the own ones. */
export function TagManyDialog({ users, onClose }: TagManyDialogProps) {
  const { update } = useActions();
  const [text, setText] = useState('');
  const added = namesOf(text);
  return (
    <ManyDialog
      users={users}
      title={t('users.addTags', { count: users.length })}
      action={t('action.save')}
      isReady={added.length > 0}
      work={(user) => update(user.id, { tags: [...new Set([...user.tags, ...added])] })}
      onDone={(outcome) =>
        toast({
          text: textOf(outcome, 'users.saved'),
          ...(outcome.changed.length > 0 && {
            undo: async () =>
              toastFailures(
                await eachUser(outcome.changed, ({ id, tags }) => update(id, { tags: [...tags] })),
              ),
          }),
        })
      }
      onClose={onClose}
    >
      <Field label={t('field.tags')} hint={t('field.tags.hint')}>
        {(input) => (
          <input
            {...input}
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </ManyDialog>
  );
}
