import { useState } from 'react';
import type { UpdateUserInput } from '../api/generated/pages/graphql.ts';
import { serverNow } from '../api/server-clock.ts';
import { draftOf, type LimitDraft, limitsOf } from '../limits/draft.ts';
import { LimitFields } from '../limits/limit-fields.tsx';
import { t } from '../text/i18n.ts';
import { Dialog } from '../ui/dialog.tsx';
import { toast } from '../ui/toasts.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { inputOfPerson, type PersonDraft, PersonFields, personOf } from './person-fields.tsx';
import { type Named, nameOf, useActions } from './use-actions.ts';

/** What the dialog edits. */
export interface EditedUser extends Named {
  readonly dataLimit: number;
  readonly bandwidthLimit: number;
  readonly expiresAt: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly quota: { readonly period: 'NONE' | 'DAY' | 'WEEK' | 'MONTH' };
  readonly mail?: string | null;
  readonly phone?: string | null;
  readonly note?: string | null;
}

const limitsOfUser = ({ quota, ...user }: EditedUser) => ({ ...user, quotaPeriod: quota.period });

/** Edits the limits of a user and what is known of the person. The former values can be brought back. */
export function EditDialog(props: { readonly user: EditedUser; readonly onClose: () => void }) {
  const { onClose } = props;
  // As it was when the dialog opened: the page goes on reading, and what others change is not an edit made here.
  const [user] = useState(props.user);
  const { update } = useActions();
  const [limits, setLimits] = useState<LimitDraft>(() => draftOf(limitsOfUser(user)));
  const [person, setPerson] = useState<PersonDraft>(() => personOf(user));

  const { isBusy, problems, problem, submit } = useSubmit(async () => {
    const wanted = limitsOf(limits);
    if (wanted === null) return;
    // Only what was edited, so that what someone else changed meanwhile stays.
    const before = { ...limitsOf(draftOf(limitsOfUser(user))), ...inputOfPerson(personOf(user)) };
    const after = { ...wanted, ...inputOfPerson(person) };
    const input = changesFrom(before, after);
    if (Object.keys(input).length > 0) {
      await update(user.id, input);
      toast({
        text: t('user.saved', { name: nameOf(user) }),
        undo: () => update(user.id, changesFrom(after, before)),
      });
    }
    onClose();
  });

  return (
    <Dialog title={t('user.edit', { name: nameOf(user) })} onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <div className="form">
          <LimitFields
            draft={limits}
            onChange={setLimits}
            nowMs={serverNow()}
            problems={problems}
          />
          <PersonFields draft={person} onChange={setPerson} problems={problems} />
        </div>
        {problem === null ? null : (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="dialog-foot">
          <button type="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="primary" disabled={isBusy || limitsOf(limits) === null}>
            {t('action.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The fields of `after` that differ from `before`. */
function changesFrom(before: UpdateUserInput, after: UpdateUserInput): UpdateUserInput {
  const old = new Map(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(old.get(name)) !== JSON.stringify(value),
    ),
  );
}
