import { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from '../database/open.ts';
import type { UserRecord } from '../records.ts';

/** How a column's value travels in JSON. */
type KindOf<T> = [T] extends [bigint]
  ? 'bigint'
  : [T] extends [Date]
    ? 'date'
    : [T] extends [boolean]
      ? 'boolean'
      : 'plain';

/** Every column; one that is missing here does not compile. */
const COLUMNS: { readonly [K in keyof UserRecord]: KindOf<NonNullable<UserRecord[K]>> } = {
  id: 'plain',
  publicKey: 'plain',
  nickname: 'plain',
  mail: 'plain',
  phone: 'plain',
  note: 'plain',
  interface: 'plain',
  allowedIps: 'plain',
  persistentKeepaliveSeconds: 'plain',
  presharedKey: 'plain',
  managed: 'boolean',
  registeredAt: 'date',
  enabled: 'boolean',
  online: 'boolean',
  endpoint: 'plain',
  lastSeenAt: 'date',
  bandwidthLimit: 'plain',
  dataLimit: 'plain',
  expiresAt: 'date',
  quotaPeriod: 'plain',
  quotaPeriodName: 'plain',
  quotaMarkRx: 'bigint',
  quotaMarkTx: 'bigint',
  quotaMarkAt: 'date',
  quotaWarned: 'boolean',
  cutReason: 'plain',
  removedByUs: 'boolean',
  kickRequested: 'boolean',
  requestedBy: 'plain',
  missing: 'boolean',
  configPending: 'boolean',
  revision: 'plain',
  presharedKeyKnown: 'boolean',
  applied: 'plain',
  appliedAt: 'date',
  enforcementError: 'plain',
  rx: 'bigint',
  tx: 'bigint',
  offsetRx: 'bigint',
  offsetTx: 'bigint',
  latestSessionId: 'plain',
  createdAt: 'date',
  updatedAt: 'date',
};

const NAMES = Object.keys(COLUMNS) as (keyof UserRecord)[];

/** All columns, in the order that `userOf` reads them. */
export const USER_COLUMNS = Prisma.raw(
  NAMES.map((name) =>
    COLUMNS[name] === 'bigint' ? `CAST("${name}" AS TEXT)` : `"${name}"`,
  ).join(),
);

/** The users that a condition names, in no order. */
export function readUsers(db: Database, where: Prisma.Sql): Promise<UserRecord[]> {
  return read(db, Prisma.sql`json_array(${USER_COLUMNS})`, Prisma.sql`"User" WHERE ${where}`);
}

/** A stretch of the users that a condition names; a limit of -1 is none. One statement, so one state. */
export function readSortedUsers(
  db: Database,
  where: Prisma.Sql,
  order: Prisma.Sql,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<UserRecord[]> {
  return read(
    db,
    Prisma.sql`json_array(${USER_COLUMNS}) ORDER BY ${order}`,
    Prisma.sql`"User" WHERE "id" IN (
      SELECT "id" FROM "User" WHERE ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset})`,
  );
}

/** SQLite writes them as one JSON text, which takes a quarter of the time that the driver needs for as many rows. */
async function read(db: Database, each: Prisma.Sql, from: Prisma.Sql): Promise<UserRecord[]> {
  const [found] = await db.$queryRaw<{ rows: string }[]>`
    SELECT json_group_array(${each}) AS "rows" FROM ${from}`;
  const rows: unknown[][] = JSON.parse(found?.rows ?? '[]');
  return rows.map(userOf);
}

export function userOf(cells: readonly unknown[]): UserRecord {
  const user: Record<string, unknown> = {};
  for (let index = 0; index < NAMES.length; index++) {
    const name = NAMES[index] as keyof UserRecord;
    user[name] = decoded(COLUMNS[name], cells[index]);
  }
  return user as unknown as UserRecord;
}

/** The condition that picks these ids, with one parameter however many they are. */
export function areIds(ids: readonly number[]): Prisma.Sql {
  return Prisma.sql`"id" IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

function decoded(kind: (typeof COLUMNS)[keyof UserRecord], cell: unknown): unknown {
  if (cell === null) return null;
  switch (kind) {
    case 'bigint':
      return BigInt(cell as string);
    case 'date':
      return new Date(cell as number);
    case 'boolean':
      return cell === 1;
    default:
      return cell;
  }
}
