import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database.ts';
import { type EnforcementFilter, isEnforced } from './enforcement-state.ts';
import { areIds, readUsers } from './read-users.ts';
import type { Page, UserRecord } from './records.ts';

/** Which users; absent fields do not narrow. */
export interface UserFilter {
  /** Part of the nickname, mail or public key; case does not matter for ASCII letters. */
  readonly search?: string;
  /** false: the search looks at the nickname and the public key alone. */
  readonly searchesMail?: boolean;
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
  /** The user after which the page starts, by id. */
  readonly afterId?: number;
}

const ORDER_EXPRESSIONS: Record<UserOrderField, string> = {
  ID: '"id"',
  NICKNAME: '"nickname"',
  LAST_SEEN: 'COALESCE("lastSeenAt", 0)',
  CREATED_AT: '"createdAt"',
  TOTAL_RX: '("rx" - "offsetRx")',
  TOTAL_TX: '("tx" - "offsetTx")',
};

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
  };
}

async function list(db: Database, options: UserListOptions): Promise<Page<UserRecord>> {
  const { order, limit, offset = 0, afterId } = options;
  const where = userConditions(options.filter);
  const counted = await db.$queryRaw<{ count: number | bigint }[]>`
    SELECT COUNT(*) AS count FROM "User" WHERE ${where}`;
  const totalCount = Number(counted[0]?.count ?? 0);

  const expression = Prisma.raw(ORDER_EXPRESSIONS[order.field]);
  const direction = Prisma.raw(order.descending ? 'DESC' : 'ASC');
  const beyond = Prisma.raw(order.descending ? '<' : '>');
  const after =
    afterId === undefined
      ? Prisma.sql`true`
      : Prisma.sql`(${expression}, "id") ${beyond}
          (SELECT ${expression}, "id" FROM "User" WHERE "id" = ${afterId})`;
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT "id" FROM "User" WHERE ${where} AND ${after}
    ORDER BY ${expression} ${direction}, "id" ${direction}
    LIMIT ${limit + 1} OFFSET ${offset}`;
  const ids = rows.map(({ id }) => id);
  const pageIds = ids.slice(0, limit);

  const records = await fetchByIds(db, pageIds);
  return { rows: records, hasNextPage: ids.length > pageIds.length, totalCount };
}

/** The rows in the order of their ids' list. */
async function fetchByIds(db: Database, ids: readonly number[]): Promise<UserRecord[]> {
  const records = await readUsers(db, areIds(ids));
  const byId = new Map(records.map((record) => [record.id, record]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export function userConditions(filter: UserFilter): Prisma.Sql {
  const parts = [Prisma.sql`true`];
  if (filter.search !== undefined) {
    const text = filter.search;
    const columns = ['nickname', 'publicKey', ...(filter.searchesMail === false ? [] : ['mail'])];
    const hits = columns.map(
      (column) => Prisma.sql`instr(lower(${Prisma.raw(`"${column}"`)}), lower(${text})) > 0`,
    );
    parts.push(Prisma.sql`(${Prisma.join(hits, ' OR ')})`);
  }
  if (filter.online !== undefined) parts.push(Prisma.sql`"online" = ${filter.online}`);
  if (filter.enabled !== undefined) parts.push(Prisma.sql`"enabled" = ${filter.enabled}`);
  if (filter.managed !== undefined) parts.push(Prisma.sql`"managed" = ${filter.managed}`);
  if (filter.enforcement !== undefined) parts.push(isEnforced(filter.enforcement));
  if (filter.interface !== undefined) parts.push(Prisma.sql`"interface" = ${filter.interface}`);
  return Prisma.join(parts, ' AND ');
}
