import type { UserRowFragment } from '../api/generated/pages/graphql.ts';

/** Users by id as an action has left them; null: the user is no more. */
export type Changes = ReadonlyMap<string, UserRowFragment | null>;

type Listener = (changes: Changes) => void;

const listeners = new Set<Listener>();

/** Tells the lists, which are read past the cache, what an action has changed. */
export const changedUsers = {
  report(changes: Changes): void {
    for (const listener of listeners) listener(changes);
  },
  reportOne(row: UserRowFragment): void {
    changedUsers.report(new Map([[row.id, row]]));
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
