import { permissionOf } from '../domain/enforcement/permission.ts';
import { isOverQuota } from '../domain/enforcement/policy.ts';
import { tagsOf } from '../domain/tags.ts';
import { comparePositions, positionOf, type UserOrder, userOrders } from './current/user-order.ts';
import type { CurrentUser, CurrentUsers, UserView } from './current/users.ts';
import type { EnforcementFilter } from './enforcement/state.ts';
import { fold } from './lists/fold.ts';
import type { Position } from './lists/page.ts';
import { matches, type Search } from './lists/search.ts';
import type { UserRecord } from './records.ts';

export type { SortValue, UserOrder, UserOrderField } from './current/user-order.ts';

/** The filter of users; absent fields match all. */
export interface UserFilter {
  readonly search?: Search;
  readonly online?: boolean;
  readonly enabled?: boolean;
  readonly managed?: boolean;
  readonly interface?: string;
  /** Exactly this owner. */
  readonly owner?: string;
  /** A tag, as `fold` compares text. */
  readonly tag?: string;
  readonly overQuota?: boolean;
  /** Users who lose access at or after this time. */
  readonly expiresAfter?: Date;
  /** Users who lose access before this time. */
  readonly expiresBefore?: Date;
  readonly neverConnected?: boolean;
  readonly enforcement?: EnforcementFilter;
}

/** Users in an order, as of one commit. */
export interface SortedUsers {
  readonly users: readonly UserRecord[];
  readonly positionOf: (user: UserRecord) => Position;
  /** Negative: the user comes before the position. */
  readonly compare: (user: UserRecord, position: Position) => number;
}

/** Some of the users as of one commit, by id. */
export interface SomeUsers extends Pick<UserView, 'revision' | 'users'> {
  /** All users that match. */
  readonly totalCount: number;
}

/** The ids of the users whose peer is in a state. */
export type IdsEnforced = (filter: EnforcementFilter) => Promise<ReadonlySet<number>>;

/** The users as of the last commit, read from memory. */
export function userStore(
  current: Pick<CurrentUsers, 'revision' | 'view'>,
  idsEnforced: IdsEnforced,
) {
  const inOrder = userOrders();

  /** null: all users match. */
  const conditionOf = async (
    filter: UserFilter,
  ): Promise<((user: UserRecord) => boolean) | null> => {
    if (Object.values(filter).every((value) => value === undefined)) return null;
    const { search, enforcement, tag, overQuota, neverConnected, ...others } = filter;
    const { expiresAfter, expiresBefore, ...fields } = others;
    const equal = Object.entries(fields) as [keyof typeof fields, unknown][];
    const times = { expiresAfter, expiresBefore };
    const derived = derivedConditions({ tag, overQuota, neverConnected, ...times });
    const isFound = search === undefined ? () => true : matches(search);
    const enforced = enforcement === undefined ? null : await idsEnforced(enforcement);
    return (user) =>
      equal.every(([name, value]) => user[name] === value) &&
      derived.every((holds) => holds(user)) &&
      (enforced === null || enforced.has(user.id)) &&
      isFound(user);
  };

  const found = (one: CurrentUser | null) => one?.user ?? null;

  return {
    /** The number of the last commit that changed a user. */
    get revision() {
      return current.revision;
    },

    find: async (id: number): Promise<UserRecord | null> => found((await current.view()).find(id)),

    findByKey: async (publicKey: string): Promise<UserRecord | null> =>
      found((await current.view()).findByKey(publicKey)),

    findMany: async (ids: readonly number[]): Promise<UserRecord[]> => {
      const view = await current.view();
      return ids.flatMap((id) => view.find(id)?.user ?? []);
    },

    findOnline: async (ids: readonly number[] | null): Promise<UserRecord[]> => {
      const wanted = ids === null ? null : new Set(ids);
      const { users } = await current.view();
      return users.flatMap(({ user }) =>
        user.online && (wanted === null || wanted.has(user.id)) ? user : [],
      );
    },

    /** The users that match, by id, or a range of them. */
    some: async (
      filter: UserFilter,
      range: { readonly limit: number; readonly offset: number } | null,
    ): Promise<SomeUsers> => {
      const isWanted = await conditionOf(filter);
      const { revision, users: all } = await current.view();
      const matching = isWanted === null ? all : all.filter(({ user }) => isWanted(user));
      const users =
        range === null ? matching : matching.slice(range.offset, range.offset + range.limit);
      return { revision, users, totalCount: matching.length };
    },

    /** The users that match, in an order. */
    sorted: async (filter: UserFilter, { by, descending }: UserOrder): Promise<SortedUsers> => {
      const isWanted = await conditionOf(filter);
      const ascending = inOrder(await current.view(), by);
      const wanted = isWanted === null ? ascending : ascending.filter(isWanted);
      const sign = descending ? -1 : 1;
      return {
        users: descending ? wanted.toReversed() : wanted,
        positionOf: (user) => positionOf(by, user),
        compare: (user, position) => sign * comparePositions(positionOf(by, user), position),
      };
    },
  };
}

/** The conditions on what is not a field of the user but follows from its fields. */
function derivedConditions(
  filter: Pick<
    UserFilter,
    'tag' | 'overQuota' | 'expiresAfter' | 'expiresBefore' | 'neverConnected'
  >,
): ((user: UserRecord) => boolean)[] {
  const { overQuota, expiresAfter, expiresBefore, neverConnected } = filter;
  const conditions: ((user: UserRecord) => boolean)[] = [];
  if (filter.tag !== undefined) {
    const tag = fold(filter.tag.trim());
    conditions.push((user) => tagsOf(user.tags).some((one) => fold(one) === tag));
  }
  if (overQuota !== undefined) {
    conditions.push((user) => isOverQuota(permissionOf(user)) === overQuota);
  }
  if (expiresAfter !== undefined) {
    conditions.push(({ expiresAt }) => expiresAt !== null && expiresAt >= expiresAfter);
  }
  if (expiresBefore !== undefined) {
    conditions.push(({ expiresAt }) => expiresAt !== null && expiresAt < expiresBefore);
  }
  if (neverConnected !== undefined) {
    conditions.push(({ lastSeenAt }) => (lastSeenAt === null) === neverConnected);
  }
  return conditions;
}
