import type { Database } from './database.ts';
import { droppedEventId } from './meta.ts';
import type { AuditRecord, EventRecord, Page } from './records.ts';

/** Which events; absent fields do not narrow. */
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
  return {
    /** The log after an id, oldest first, without counting all of it. */
    after: (filter: EventFilter, { limit, afterId }: LogListOptions): Promise<EventRecord[]> =>
      db.event.findMany({
        where: { AND: [conditions(filter), { id: { gt: afterId } }] },
        orderBy: { id: 'asc' },
        take: limit,
      }),

    /** The log, oldest first. */
    list: async (filter: EventFilter, options: LogListOptions): Promise<Page<EventRecord>> => {
      const where = conditions(filter);
      const [totalCount, rows] = await Promise.all([
        db.event.count({ where }),
        db.event.findMany({
          where: { AND: [where, { id: { gt: options.afterId } }] },
          orderBy: { id: 'asc' },
          take: options.limit + 1,
        }),
      ]);
      const page = rows.slice(0, options.limit);
      return { rows: page, hasNextPage: rows.length > page.length, totalCount };
    },

    /**
     * The ids between which the log is whole: the newest one ever given (0: none yet), and the newest
     * one that was dropped (0: none was).
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
      const [totalCount, rows] = await Promise.all([
        db.auditEntry.count(),
        db.auditEntry.findMany({
          where: { id: { gt: options.afterId } },
          orderBy: { id: 'asc' },
          take: options.limit + 1,
        }),
      ]);
      const page = rows.slice(0, options.limit);
      return { rows: page, hasNextPage: rows.length > page.length, totalCount };
    },
  };
}

function conditions(filter: EventFilter) {
  const { types, userIds, from, to } = filter;
  return {
    ...(types !== undefined && { type: { in: [...types] } }),
    ...(userIds !== undefined && { userId: { in: [...userIds] } }),
    ...((from !== undefined || to !== undefined) && {
      at: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) },
    }),
  };
}
