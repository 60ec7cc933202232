import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database/open.ts';
import { type EnforcementFilter, isEnforced } from './enforcement/state.ts';
import { type Page, type Position, pageOf, rowsFor } from './lists/page.ts';
import { areIds, readSortedUsers, readUsers } from './lists/read-users.ts';
import { idsFound, type Search } from './lists/search.ts';
import type { UserRecord } from './records.ts';

/** The filter of users; absent fields match all. */
export interface UserFilter {
  readonly search?: Search;
  readonly online?: boolean;
  readonly enabled?: boolean;
  readonly managed?: boolean;
  readonly interface?: string;
  readonly enforcement?: EnforcementFilter;
}

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

export interface UserListOptions {
  readonly filter: UserFilter;
  readonly order: UserOrder;
  readonly limit: number;
  readonly offset?: number;
  /** The position after which the page starts. */
  readonly after?: Position | undefined;
}

const ORDER_EXPRESSIONS: Record<UserOrderField, string> = {
  ID: '"id"',
  NICKNAME: '"nickname"',
  LAST_SEEN: 'COALESCE("lastSeenAt", 0)',
  CREATED_AT: '"createdAt"',
  TOTAL_RX: '("rx" - "offsetRx")',
  TOTAL_TX: '("tx" - "offsetTx")',
};

/** The value that a user has in an order, as its expression. */
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

export function userStore(db: Database) {
  return {
    find: (id: number): Promise<UserRecord | null> => db.user.findUnique({ where: { id } }),

    findByKey: (publicKey: string): Promise<UserRecord | null> =>
      db.user.findUnique({ where: { publicKey } }),

    findMany: (ids: readonly number[]): Promise<UserRecord[]> => readUsers(db, areIds(ids)),

    findOnline: (ids: readonly number[] | null): Promise<UserRecord[]> =>
      readUsers(
        db,
        Prisma.sql`"online" = 1 AND ${ids === null ? Prisma.sql`true` : areIds(ids)}`,
      ).then((users) => users.sort((a, b) => a.id - b.id)),

    list: (options: UserListOptions): Promise<Page<UserRecord>> => list(db, options),

    count: (filter: UserFilter): Promise<number> => count(db, filter),
  };
}

async function list(db: Database, options: UserListOptions): Promise<Page<UserRecord>> {
  const { order, limit, offset = 0, after } = options;
  const expression = Prisma.raw(ORDER_EXPRESSIONS[order.field]);
  const direction = Prisma.raw(order.descending ? 'DESC' : 'ASC');
  const beyond = Prisma.raw(order.descending ? '<' : '>');
  const parts = [await conditions(db, options.filter)];
  if (after !== undefined) {
    parts.push(Prisma.sql`(${expression}, "id") ${beyond} (${after.value}, ${after.id})`);
  }
  const rows = await readSortedUsers(
    db,
    Prisma.join(parts, ' AND '),
    Prisma.sql`${expression} ${direction}, "id" ${direction}`,
    { limit: rowsFor(limit), offset },
  );
  return pageOf(rows, limit);
}

async function count(db: Database, filter: UserFilter): Promise<number> {
  const where = await conditions(db, filter);
  const [row] = await db.$queryRaw<{ count: number | bigint }[]>`
    SELECT COUNT(*) AS "count" FROM "User" WHERE ${where}`;
  return Number(row?.count ?? 0);
}

async function conditions(db: Database, filter: UserFilter): Promise<Prisma.Sql> {
  const where = userConditions(filter);
  return filter.search === undefined ? where : areIds(await idsFound(db, filter.search, where));
}

/** The conditions of a filter except its search, which SQLite cannot do. */
export function userConditions(filter: Omit<UserFilter, 'search'>): Prisma.Sql {
  const parts = [Prisma.sql`true`];
  if (filter.online !== undefined) parts.push(Prisma.sql`"online" = ${filter.online}`);
  if (filter.enabled !== undefined) parts.push(Prisma.sql`"enabled" = ${filter.enabled}`);
  if (filter.managed !== undefined) parts.push(Prisma.sql`"managed" = ${filter.managed}`);
  if (filter.enforcement !== undefined) parts.push(isEnforced(filter.enforcement));
  if (filter.interface !== undefined) parts.push(Prisma.sql`"interface" = ${filter.interface}`);
  return Prisma.join(parts, ' AND ');
}
