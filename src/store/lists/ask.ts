import type { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from '../database/open.ts';
import type { Snapshot } from '../database/snapshots.ts';

/** Reads the numbers of the first row of a statement; times are milliseconds. Empty: there is no row. */
export type Ask = (sql: Prisma.Sql) => Promise<readonly (number | null)[]>;

const numbered = (row: readonly unknown[]) =>
  row.map((value) => (value === null ? null : Number(value)));

/** As of now. */
export function askDatabase(db: Database): Ask {
  return async (sql) => {
    const [row] = await db.$queryRaw<Record<string, unknown>[]>(sql);
    return numbered(Object.values(row ?? {}));
  };
}

/** As of the snapshot. */
export function askSnapshot(snapshot: Snapshot): Ask {
  return async (sql) => numbered(snapshot.all(sql)[0] ?? []);
}

/** Reads a single number; null counts as 0. */
export async function askNumber(ask: Ask, sql: Prisma.Sql): Promise<number> {
  const [value] = await ask(sql);
  return value ?? 0;
}
