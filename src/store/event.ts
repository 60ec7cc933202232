import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database/open.ts';
import { type Page, pageOf, rowsFor } from './lists/page.ts';
import { droppedEventId } from './meta.ts';
import type { AuditRecord, EventRecord } from './records.ts';

/** The filter of events; absent fields match all. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly userIds?: readonly number[];
  readonly from?: Date;
  readonly to?: Date;
}

export interface LogListOptions {
  readonly limit: number;
  /** Only entries with a greater id. */
  readonly afterId: number;
}

export function eventStore(db: Database) {
  const after = (filter: EventFilter, { limit, afterId }: LogListOptions): Promise<EventRecord[]> =>
    db.$queryRaw<EventRecord[]>`
      SELECT * FROM "Event" WHERE ${conditions(filter)} AND "id" > ${afterId}
      ORDER BY "id" LIMIT ${limit}`;
  return {
    /** The log after an id, oldest first. */
    after,

    /** A page of the log after an id. */
    list: async (
      filter: EventFilter,
      { limit, afterId }: LogListOptions,
    ): Promise<Page<EventRecord>> =>
      pageOf(await after(filter, { limit: rowsFor(limit), afterId }), limit),

    count: async (filter: EventFilter): Promise<number> => {
      const [row] = await db.$queryRaw<{ count: number | bigint }[]>`
        SELECT COUNT(*) AS "count" FROM "Event" WHERE ${conditions(filter)}`;
      return Number(row?.count ?? 0);
    },

    /**
     * The ids between which the log is complete: the newest id ever assigned (0: none yet), and the newest
     * one that was deleted (0: none was).
     */
    bounds: async (): Promise<{ readonly newestId: number; readonly droppedId: number }> => {
      const [row] = await db.$queryRaw<{ newest: number | null; oldest: number | null }[]>`
        SELECT (SELECT "seq" FROM sqlite_sequence WHERE "name" = 'Event') AS "newest",
               (SELECT MIN("id") FROM "Event") AS "oldest"`;
      const newestId = Number(row?.newest ?? 0);
      const beforeOldest = row?.oldest == null ? newestId : Number(row.oldest) - 1;
      return { newestId, droppedId: Math.max(beforeOldest, await droppedEventId(db)) };
    },

    /** The audit log, oldest first. */
    audit: async (options: LogListOptions): Promise<Page<AuditRecord>> => {
      const rows = await db.auditEntry.findMany({
        where: { id: { gt: options.afterId } },
        orderBy: { id: 'asc' },
        take: rowsFor(options.limit),
      });
      return pageOf(rows, options.limit);
    },

    countAudit: (): Promise<number> => db.auditEntry.count(),
  };
}

function conditions({ types, userIds, from, to }: EventFilter): Prisma.Sql {
  const parts = [Prisma.sql`true`];
  if (types !== undefined) parts.push(Prisma.sql`"type" ${isOneOf(types)}`);
  if (userIds !== undefined) parts.push(Prisma.sql`"userId" ${isOneOf(userIds)}`);
  if (from !== undefined) parts.push(Prisma.sql`"at" >= ${from.getTime()}`);
  if (to !== undefined) parts.push(Prisma.sql`"at" < ${to.getTime()}`);
  return Prisma.join(parts, ' AND ');
}

/** A single parameter, however many values there are. */
function isOneOf(values: readonly (string | number)[]): Prisma.Sql {
  return Prisma.sql`IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
}
