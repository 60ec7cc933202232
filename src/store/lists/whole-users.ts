import { Prisma } from '../../generated/prisma/client.ts';
import type { Snapshot, Snapshots } from '../database/snapshots.ts';
import type { UserRecord } from '../records.ts';
import { type UserFilter, userConditions } from '../user.ts';
import { areIds, USER_COLUMNS, userOf } from './read-users.ts';
import { idsOfMatches, searchedColumns } from './search.ts';
import { type WholeList, wholeList } from './whole-list.ts';

export interface UserWithLogin {
  readonly user: UserRecord;
  /** When the latest session began; null when there never was one. */
  readonly lastLoginAt: Date | null;
}

/** All users that match, by id. */
export function wholeUsers(snapshots: Snapshots) {
  return (filter: UserFilter): Promise<WholeList<UserWithLogin>> =>
    wholeList(snapshots, {
      statements: (snapshot) => {
        const where = conditions(snapshot, filter);
        return {
          counts: [Prisma.sql`SELECT COUNT(*) FROM "User" WHERE ${where}`],
          rows: Prisma.sql`SELECT ${USER_COLUMNS},
              (SELECT s."startedAt" FROM "Session" AS s WHERE s."id" = "User"."latestSessionId")
            FROM "User" WHERE ${where} ORDER BY "id"`,
        };
      },
      rowOf: (cells) => {
        const startedAt = cells.at(-1);
        return {
          user: userOf(cells),
          lastLoginAt: typeof startedAt === 'number' ? new Date(startedAt) : null,
        };
      },
    });
}

function conditions(snapshot: Snapshot, { search, ...filter }: UserFilter): Prisma.Sql {
  const where = userConditions(filter);
  if (search === undefined) return where;
  const columns = searchedColumns(search);
  const rows = snapshot.rows(Prisma.sql`SELECT ${columns} FROM "User" WHERE ${where}`);
  return areIds(idsOfMatches(search, rows));
}
