import { Prisma } from '../generated/prisma/client.ts';
import { USER_COLUMNS, userOf } from './read-users.ts';
import type { UserRecord } from './records.ts';
import type { Snapshots } from './snapshots.ts';
import { type UserFilter, userConditions } from './user.ts';
import { type WholeList, wholeList } from './whole-list.ts';

export interface UserWithLogin {
  readonly user: UserRecord;
  /** When the latest session began; null when there never was one. */
  readonly lastLoginAt: Date | null;
}

/** All users that match, by id. */
export function wholeUsers(snapshots: Snapshots) {
  return (filter: UserFilter): WholeList<UserWithLogin> => {
    const where = userConditions(filter);
    return wholeList(snapshots, {
      count: Prisma.sql`SELECT COUNT(*) FROM "User" WHERE ${where}`,
      rows: Prisma.sql`SELECT ${USER_COLUMNS},
          (SELECT s."startedAt" FROM "Session" AS s WHERE s."id" = "User"."latestSessionId")
        FROM "User" WHERE ${where} ORDER BY "id"`,
      rowOf: (cells) => {
        const startedAt = cells.at(-1);
        return {
          user: userOf(cells),
          lastLoginAt: typeof startedAt === 'number' ? new Date(startedAt) : null,
        };
      },
    });
  };
}
