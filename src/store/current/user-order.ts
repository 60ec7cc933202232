import { permissionOf } from '../../domain/enforcement/permission.ts';
import type { Position } from '../lists/page.ts';
import type { UserRecord } from '../records.ts';
import type { UserView } from './users.ts';

export type UserOrderField =
  | 'ID'
  | 'NICKNAME'
  | 'LAST_SEEN'
  | 'CREATED_AT'
  | 'TOTAL_RX'
  | 'TOTAL_TX'
  | 'ONLINE'
  | 'QUOTA_USED'
  | 'EXPIRES_AT';

/** What a user is sorted by: its own data, or something that is not kept with it. */
export type SortValue = UserOrderField | ((user: UserRecord) => bigint);

export interface UserOrder {
  readonly by: SortValue;
  readonly descending: boolean;
}

/** Later than all times. */
const NEVER = 2n ** 63n - 1n;

/** Shares of a quota are compared in billionths. */
const WHOLE_QUOTA = 1_000_000_000n;

function fieldValueOf(field: UserOrderField, user: UserRecord): string | bigint {
  switch (field) {
    case 'ID':
      return BigInt(user.id);
    case 'NICKNAME':
      return user.nickname;
    case 'LAST_SEEN':
      return BigInt(user.lastSeenAt?.getTime() ?? 0);
    case 'CREATED_AT':
      return BigInt(user.createdAt.getTime());
    case 'TOTAL_RX':
      return user.rx - user.offsetRx;
    case 'TOTAL_TX':
      return user.tx - user.offsetTx;
    case 'ONLINE':
      return user.online ? 1n : 0n;
    case 'QUOTA_USED':
      return quotaShareOf(user);
    case 'EXPIRES_AT':
      return user.expiresAt === null ? NEVER : BigInt(user.expiresAt.getTime());
  }
}

/** The share of the quota that is used; users without a quota come before all others. */
function quotaShareOf(user: UserRecord): bigint {
  const { quotaLimitBytes, quotaUsedBytes } = permissionOf(user);
  return quotaLimitBytes === null ? -1n : (quotaUsedBytes * WHOLE_QUOTA) / quotaLimitBytes;
}

/** Compares positions in ascending order. */
export function comparePositions(a: Position, b: Position): number {
  return compareValues(a.value, b.value) || a.id - b.id;
}

function compareValues(a: string | bigint, b: string | bigint): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code points; JavaScript compares halves of characters beyond U+FFFF. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let index = 0;
  while (index < a.length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index >= a.length || index >= b.length) return a.length - b.length;
  const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
  const isHalf = (code: number) => code >= 0xd800 && code <= 0xdfff;
  if (isHalf(left) !== isHalf(right)) return isHalf(left) ? 1 : -1;
  return left - right;
}

/** Where a user is in an order. */
export function positionOf(by: SortValue, user: UserRecord): Position {
  return { value: typeof by === 'function' ? by(user) : fieldValueOf(by, user), id: user.id };
}

function sorted(users: readonly UserRecord[], by: SortValue): UserRecord[] {
  const placed = users.map((user) => ({ user, ...positionOf(by, user) }));
  return placed.sort(comparePositions).map(({ user }) => user);
}

/** Keeps each order between requests, because sorting what is nearly sorted already is quick. */
export function userOrders() {
  const kept = new Map<
    UserOrderField,
    { readonly view: UserView; readonly sorted: UserRecord[] }
  >();

  const usersOf = (view: UserView) => view.users.map(({ user }) => user);

  /** The users in the order of an earlier view, if they are still the same. */
  const almostSorted = (view: UserView, field: UserOrderField): UserRecord[] => {
    const before = kept.get(field)?.sorted.flatMap(({ id }) => view.find(id)?.user ?? []);
    return before?.length === view.users.length ? before : usersOf(view);
  };

  /** All users of a view in ascending order. */
  return (view: UserView, by: SortValue): readonly UserRecord[] => {
    if (typeof by === 'function') return sorted(usersOf(view), by);
    const known = kept.get(by);
    if (known?.view === view) return known.sorted;
    const users = by === 'ID' ? usersOf(view) : sorted(almostSorted(view, by), by);
    kept.set(by, { view, sorted: users });
    return users;
  };
}
