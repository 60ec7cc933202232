import type { Position } from '../lists/page.ts';
import type { UserRecord } from '../records.ts';
import type { UserView } from './users.ts';

export type UserOrderField =
  | 'ID'
  | 'NICKNAME'
  | 'LAST_SEEN'
  | 'CREATED_AT'
  | 'TOTAL_RX'
  | 'TOTAL_TX';

export interface UserOrder {
  readonly field: UserOrderField;
  readonly descending: boolean;
}

/** The value that a user is sorted by. */
export function orderValueOf(field: UserOrderField, user: UserRecord): string | bigint {
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
  }
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
export function positionOf(field: UserOrderField, user: UserRecord): Position {
  return { value: orderValueOf(field, user), id: user.id };
}

/** Keeps each order between requests, because sorting what is nearly sorted already is quick. */
export function userOrders() {
  const kept = new Map<
    UserOrderField,
    { readonly view: UserView; readonly sorted: UserRecord[] }
  >();

  const sort = (view: UserView, field: UserOrderField): UserRecord[] => {
    if (field === 'ID') return view.users.map(({ user }) => user);
    const before = kept.get(field)?.sorted.flatMap(({ id }) => view.find(id)?.user ?? []);
    const isComplete = before?.length === view.users.length;
    const users = isComplete ? before : view.users.map(({ user }) => user);
    const placed = users.map((user) => ({ user, ...positionOf(field, user) }));
    return placed.sort(comparePositions).map(({ user }) => user);
  };

  /** All users of a view in ascending order. */
  return (view: UserView, field: UserOrderField): readonly UserRecord[] => {
    const known = kept.get(field);
    if (known?.view === view) return known.sorted;
    const sorted = sort(view, field);
    kept.set(field, { view, sorted });
    return sorted;
  };
}
