import type { CurrentUser, CurrentUsers, UserView } from '../current/users.ts';

/** The ids of the owner's users. */
export type OwnIds = () => Promise<readonly number[]>;

/** The users in memory as if those of one owner were the only ones. */
export function ownedUsers(
  current: CurrentUsers,
  owner: string,
): Pick<CurrentUsers, 'revision' | 'view'> {
  return {
    get revision() {
      return current.revision;
    },
    view: async () => ownedView(await current.view(), owner),
  };
}

function ownedView(view: UserView, owner: string): UserView {
  const owned = (one: CurrentUser | null) => (one?.user.owner === owner ? one : null);
  return {
    revision: view.revision,
    users: byOwner(view).get(owner) ?? [],
    find: (id) => owned(view.find(id)),
    findByKey: (publicKey) => owned(view.findByKey(publicKey)),
  };
}

type ByOwner = ReadonlyMap<string, readonly CurrentUser[]>;

/** Computed once for each view, because streams of many owners may read the same one. */
const known = new WeakMap<UserView, ByOwner>();

function byOwner(view: UserView): ByOwner {
  const kept = known.get(view);
  if (kept !== undefined) return kept;
  const users = new Map<string, CurrentUser[]>();
  for (const one of view.users) {
    const { owner } = one.user;
    if (owner === null) continue;
    const others = users.get(owner);
    if (others === undefined) users.set(owner, [one]);
    else others.push(one);
  }
  known.set(view, users);
  return users;
}
