import { type FieldKind, USER_FIELDS } from '../../domain/user-fields.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from '../database/open.ts';
import type { UserRecord } from '../records.ts';

/** How a field is stored, according to its type in the database. */
type KindsOf<T> = [T] extends [bigint]
  ? 'bigint'
  : [T] extends [Date]
    ? 'date'
    : [T] extends [boolean]
      ? 'boolean'
      : [T] extends [number]
        ? 'integer'
        : 'text' | 'list';

/** Every column; a field that the table lacks or stores differently does not compile. */
const COLUMNS: {
  readonly [K in keyof UserRecord]: { readonly kind: KindsOf<NonNullable<UserRecord[K]>> };
} = USER_FIELDS;

/** In lists there are no secrets. */
const NAMES = (Object.keys(COLUMNS) as (keyof UserRecord)[]).filter(
  (name) => !('sealed' in USER_FIELDS[name]),
);

/** All columns, in the order that `userOf` reads them. */
export const USER_COLUMNS = Prisma.raw(
  NAMES.map((name) =>
    COLUMNS[name].kind === 'bigint' ? `CAST("${name}" AS TEXT)` : `"${name}"`,
  ).join(),
);

/** The users that match a condition, in no order. */
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

/**
 * SQLite returns them as one JSON text, which takes a quarter of the time that the driver needs for as many
 * rows.
 */
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
    user[name] = decoded(COLUMNS[name].kind, cells[index]);
  }
  return user as unknown as UserRecord;
}

/** The condition that selects these ids, with one parameter however many there are. */
export function areIds(ids: readonly number[]): Prisma.Sql {
  return Prisma.sql`"id" IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

function decoded(kind: FieldKind, cell: unknown): unknown {
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
