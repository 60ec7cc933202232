import { setImmediate } from 'node:timers/promises';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from '../database/open.ts';
import { isOneOf } from '../database/sql.ts';
import type { AuditRecord } from '../records.ts';
import { askDatabase, askNumber } from './ask.ts';
import { allOf } from './days.ts';
import type { AuditFilter } from './filters.ts';
import type { Reading } from './page.ts';

/** Entries read between two turns of the event loop: a few milliseconds of work. */
const PART = 20_000;

type Range = Omit<Reading<number>, 'limit'>;

/** The audit log, oldest first. Places are ids. */
export function auditStore(db: Database) {
  const ask = askDatabase(db);

  /**
   * The conditions of the parts of the log between two ids that contain all matching entries, in the order of reading.
   * Entries are never deleted, so there are no gaps between their ids.
   */
  async function* partsOf(filter: AuditFilter, { after = 0, before, fromEnd }: Range) {
    const newest = await askNumber(ask, Prisma.sql`SELECT MAX("id") AS "newest" FROM "AuditEntry"`);
    const [first, last] = [after + 1, Math.min(newest, (before ?? newest + 1) - 1)];
    const wanted = conditions(filter);
    // The index of users has their entries in order.
    const size = wanted.length === 0 || filter.userId !== undefined ? last : PART;
    for (let done = 0; first + done <= last; done += size) {
      if (done > 0) await setImmediate();
      const begin = fromEnd ? Math.max(first, last - done - size + 1) : first + done;
      const end = fromEnd ? last - done : Math.min(last, first + done + size - 1);
      yield allOf([Prisma.sql`"id" >= ${begin} AND "id" <= ${end}`, ...wanted]);
    }
  }

  return {
    list: async (
      filter: AuditFilter,
      { limit, ...range }: Reading<number>,
    ): Promise<AuditRecord[]> => {
      const direction = Prisma.raw(range.fromEnd ? 'DESC' : 'ASC');
      const found: AuditRecord[] = [];
      for await (const part of partsOf(filter, range)) {
        const rows = await db.$queryRaw<AuditRecord[]>`
          SELECT * FROM "AuditEntry" WHERE ${part}
          ORDER BY "id" ${direction} LIMIT ${limit - found.length}`;
        found.push(...rows);
        if (found.length >= limit) break;
      }
      return found;
    },

    count: async (filter: AuditFilter): Promise<number> => {
      let count = 0;
      for await (const part of partsOf(filter, {})) {
        count += await askNumber(
          ask,
          Prisma.sql`SELECT COUNT(*) AS "count" FROM "AuditEntry" WHERE ${part}`,
        );
      }
      return count;
    },
  };
}

function conditions({ userId, actions, actor, from, to }: AuditFilter): Prisma.Sql[] {
  return [
    userId !== undefined && Prisma.sql`"userId" = ${userId}`,
    actions !== undefined && isOneOf('"action"', actions),
    actor !== undefined && Prisma.sql`"actor" = ${actor}`,
    from !== undefined && Prisma.sql`"at" >= ${from.getTime()}`,
    to !== undefined && Prisma.sql`"at" < ${to.getTime()}`,
  ].filter((one) => one !== false);
}
