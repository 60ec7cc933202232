import { type FieldKind, USER_FIELDS } from '../../domain/user-fields.ts';
import { Prisma } from '../../generated/prisma/client.ts';
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
        : 'text' | 'list' | 'json';

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

/** A user from a row of `USER_COLUMNS`. */
export function userOf(cells: readonly unknown[]): UserRecord {
  const user: Record<string, unknown> = {};
  for (let index = 0; index < NAMES.length; index++) {
    const name = NAMES[index] as keyof UserRecord;
    user[name] = decoded(COLUMNS[name].kind, cells[index]);
  }
  return user as unknown as UserRecord;
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
