import { useChange } from '../api/client.ts';
import {
  KickUserDocument,
  ResetTrafficDocument,
  SetUserEnabledDocument,
  UpdateUserDocument,
  type UpdateUserInput,
  UpdateUsersDocument,
  type UserRowFragment,
} from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { problemOf } from '../ui/states.tsx';
import { type Toast, toast } from '../ui/toasts.tsx';
import { changedUsers } from './changed-users.ts';

/** What the API takes in one request. */
const MAX_IDS = 1_000;

export interface Named {
  readonly id: string;
  readonly nickname: string;
}

export interface Enabled extends Named {
  readonly enabled: boolean;
}

/** What became of the users of a change of many. */
export interface Outcome<User extends Named> {
  readonly changed: readonly User[];
  readonly failed: readonly { readonly user: User; readonly reason: string }[];
}

export const nameOf = ({ id, nickname }: Named): string => nickname || t('user.number', { id });

/** Actions on users that need no dialog. Each reports what it did, or why it could not. */
export function useActions() {
  const sendEnabled = useChange(SetUserEnabledDocument);
  const kick = useChange(KickUserDocument);
  const sendReset = useChange(ResetTrafficDocument);
  const sendUpdate = useChange(UpdateUserDocument);
  const updateMany = useChange(UpdateUsersDocument);

  const setEnabled = async (id: string, enabled: boolean) =>
    changedUsers.reportOne((await sendEnabled({ id, enabled })).setUserEnabled.user);

  const update = async (id: string, input: UpdateUserInput) =>
    changedUsers.reportOne((await sendUpdate({ id, input })).updateUser.user);

  const reported = async (work: Promise<unknown>, text: string, undo?: Toast['undo']) => {
    try {
      await work;
      toast({ text, ...(undo && { undo }) });
    } catch (error) {
      toast({ text: problemOf(error) });
    }
  };

  const enable = (user: Named, enabled: boolean): Promise<void> =>
    reported(
      setEnabled(user.id, enabled),
      t(enabled ? 'user.enabledNow' : 'user.disabledNow', { name: nameOf(user) }),
      () => setEnabled(user.id, !enabled),
    );

  /** Puts back the peer of an enabled user. Disabling the user would not bring back what was before. */
  const restore = (user: Named): Promise<void> =>
    reported(setEnabled(user.id, true), t('user.restoredNow', { name: nameOf(user) }));

  /** Changes all, at most so many at once as the API takes. */
  const changeAll = async <User extends Named>(
    users: readonly User[],
    input: UpdateUserInput,
  ): Promise<Outcome<User>> => {
    const reasons = new Map<string, string>();
    for (let start = 0; start < users.length; start += MAX_IDS) {
      const ids = users.slice(start, start + MAX_IDS).map(({ id }) => id);
      try {
        const { updateUsers } = await updateMany({ ids, input });
        const rows = new Map<string, UserRowFragment>();
        for (const { id, user, error } of updateUsers.results) {
          if (error != null) reasons.set(id, error.message);
          if (user != null) rows.set(id, user);
        }
        changedUsers.report(rows);
      } catch (error) {
        for (const id of ids) reasons.set(id, problemOf(error));
      }
    }
    return {
      changed: users.filter(({ id }) => !reasons.has(id)),
      failed: users.flatMap((user) => {
        const reason = reasons.get(user.id);
        return reason === undefined ? [] : [{ user, reason }];
      }),
    };
  };

  const enableAll = async (users: readonly Enabled[], enabled: boolean): Promise<void> => {
    const outcome = await changeAll(users, { enabled });
    // The others were so before.
    const switched = outcome.changed.filter((user) => user.enabled !== enabled);
    toast({
      text: textOf(outcome, enabled ? 'users.enabledNow' : 'users.disabledNow'),
      ...(switched.length > 0 && {
        undo: async () => toastFailures(await changeAll(switched, { enabled: !enabled })),
      }),
    });
  };

  return {
    enable,
    restore,
    enableAll,
    changeAll,
    update,
    kick: (user: Named) =>
      reported(kick({ id: user.id }), t('user.kicked', { name: nameOf(user) })),
    /** Rejects if the server refuses, for the dialog that asked. */
    reset: async (user: Named) => {
      changedUsers.reportOne((await sendReset({ id: user.id })).resetTraffic.user);
      toast({ text: t('user.trafficReset', { name: nameOf(user) }) });
    },
  };
}

type DoneText = `users.${
  | 'enabledNow'
  | 'disabledNow'
  | 'saved'
  | 'kicked'
  | 'resetDone'
  | 'deleted'}`;

/** What became of all, in one sentence, with the first reason if some failed. */
export function textOf({ changed, failed }: Outcome<Named>, done: DoneText): string {
  const [first] = failed;
  if (first === undefined) return t(done, { count: changed.length });
  const { length: count } = changed;
  return `${t('users.someFailed', { count, failed: failed.length })} ${first.reason}`;
}

/** Says what an undo could not bring back. */
export function toastFailures(outcome: Outcome<Named>): void {
  if (outcome.failed.length > 0) toast({ text: textOf(outcome, 'users.saved') });
}
