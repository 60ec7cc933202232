import { useState } from 'react';
import { serverNow } from '../api/server-clock.ts';
import { draftOf, type LimitDraft, type Limits, limitsOf } from '../limits/draft.ts';
import { LimitFields } from '../limits/limit-fields.tsx';
import { t } from '../text/i18n.ts';
import { Dialog } from '../ui/dialog.tsx';
import { toast } from '../ui/toasts.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { FailureList } from './failure-list.tsx';
import { type Named, type Outcome, textOf, toastFailures, useActions } from './use-actions.ts';

/** What is known of the limits of a user. */
export interface Limited extends Named, Omit<Limits, 'quotaPeriod'> {
  readonly quota: { readonly period: Limits['quotaPeriod'] };
}

type LimitName = keyof Limits;

const NAMES = ['dataLimit', 'quotaPeriod', 'bandwidthLimit', 'expiresAt'] as const;

/** Which limit each part of a draft is of. */
const NAME_OF: Readonly<Record<keyof LimitDraft, LimitName>> = {
  data: 'dataLimit',
  period: 'quotaPeriod',
  bandwidth: 'bandwidthLimit',
  expires: 'expiresAt',
};

export interface EditManyDialogProps {
  readonly users: readonly Limited[];
  readonly onClose: () => void;
}

/** Sets the same limits for many users. The former ones can be brought back. */
export function EditManyDialog(props: EditManyDialogProps) {
  const { onClose } = props;
  // As they were when it opened, which is what an undo brings back.
  const [users] = useState(props.users);
  const { changeAll } = useActions();
  const [draft, setDraft] = useState<LimitDraft>(() =>
    draftOf({ dataLimit: 0, bandwidthLimit: 0, expiresAt: null, quotaPeriod: 'NONE' }),
  );
  const [chosen, setChosen] = useState<ReadonlySet<LimitName>>(new Set());
  const [outcome, setOutcome] = useState<Outcome<Limited> | null>(null);
  const wanted = limitsOf(draft);

  const bringBack = async (changed: readonly Limited[]) => {
    for (const [limits, group] of groupsOf(changed, chosen)) {
      toastFailures(await changeAll(group, limits));
    }
  };
  const { isBusy, submit } = useSubmit(async () => {
    if (wanted === null) return;
    const result = await changeAll(users, partOf(wanted, chosen));
    if (result.changed.length > 0) {
      toast({ text: textOf(result, 'users.saved'), undo: () => bringBack(result.changed) });
    }
    if (result.failed.length > 0) setOutcome(result);
    else onClose();
  });

  /** What somebody writes is meant to be set. */
  const change = (next: LimitDraft) => {
    const edited = (Object.keys(NAME_OF) as (keyof LimitDraft)[]).filter(
      (part) => next[part] !== draft[part],
    );
    setChosen(new Set([...chosen, ...edited.map((part) => NAME_OF[part])]));
    setDraft(next);
  };
  const toggle = (name: LimitName) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  const title = t('users.edit', { count: users.length });
  if (outcome !== null) {
    return (
      <Dialog title={title} onClose={onClose}>
        <FailureList outcome={outcome} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <fieldset className="plain-fieldset chips">
          <legend className="label">{t('users.whichLimits')}</legend>
          {NAMES.map((name) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={chosen.has(name)}
              onClick={() => toggle(name)}
            >
              {t(`users.limit.${name}`)}
            </button>
          ))}
        </fieldset>
        <div className="form">
          <LimitFields draft={draft} onChange={change} nowMs={serverNow()} />
        </div>
        <div className="dialog-foot">
          <button type="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button
            type="submit"
            className="primary"
            disabled={isBusy || wanted === null || chosen.size === 0}
          >
            {t('action.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const partOf = (limits: Limits, names: ReadonlySet<LimitName>): Partial<Limits> =>
  Object.fromEntries(NAMES.filter((name) => names.has(name)).map((name) => [name, limits[name]]));

/** The users by what these limits were, so that few requests bring them back. */
function groupsOf(
  users: readonly Limited[],
  names: ReadonlySet<LimitName>,
): (readonly [Partial<Limits>, Limited[]])[] {
  const groups = new Map<string, [Partial<Limits>, Limited[]]>();
  for (const user of users) {
    const limits = partOf({ ...user, quotaPeriod: user.quota.period }, names);
    const key = JSON.stringify(limits);
    const group = groups.get(key) ?? [limits, []];
    group[1].push(user);
    groups.set(key, group);
  }
  return [...groups.values()];
}
