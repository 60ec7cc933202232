import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database/open.ts';
import type { Snapshots } from './database/snapshots.ts';
import { askDatabase, askNumber, askSnapshot } from './lists/ask.ts';
import { countEvents, eventParts } from './lists/event-parts.ts';
import type { EventFilter } from './lists/filters.ts';
import type { Reading } from './lists/page.ts';
import { droppedEventId } from './meta.ts';
import type { EventRecord } from './records.ts';

export type { EventFilter } from './lists/filters.ts';

export function eventStore(db: Database, snapshots: Snapshots) {
  const ask = askDatabase(db);
  return {
    /** The log, oldest first. Places are ids. */
    list: async (
      filter: EventFilter,
      { limit, ...range }: Reading<number>,
    ): Promise<EventRecord[]> => {
      const direction = Prisma.raw(range.fromEnd ? 'DESC' : 'ASC');
      const found: EventRecord[] = [];
      for await (const part of eventParts(ask, filter, range)) {
        const rows = await db.$queryRaw<EventRecord[]>`
          SELECT * FROM "Event" WHERE ${part}
          ORDER BY "id" ${direction} LIMIT ${limit - found.length}`;
        found.push(...rows);
        if (found.length >= limit) break;
      }
      return found;
    },

    count: (filter: EventFilter): Promise<number> =>
      filter.userIds === undefined
        ? countEvents(ask, filter)
        : snapshots.read((snapshot) => countEvents(askSnapshot(snapshot), filter)),

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

    /** Those of the published events that may be read here. */
    visible: async <E extends Pick<EventRecord, 'userId'>>(
      published: readonly E[],
    ): Promise<E[]> => [...published],

    /** The newest event of these users; 0 if there is none. */
    newestIdOf: (userIds: readonly number[]): Promise<number> =>
      askNumber(
        ask,
        Prisma.sql`
          SELECT MAX((SELECT MAX("id") FROM "Event" WHERE "userId" = value)) AS "newest"
          FROM json_each(${JSON.stringify(userIds)})`,
      ),
  };
}
