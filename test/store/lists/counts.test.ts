import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Prisma } from '../../../src/generated/prisma/client.ts';
import type { Database } from '../../../src/store/database/open.ts';
import { eraseHistory } from '../../../src/store/enforcement/erase-history.ts';
import { eventStore } from '../../../src/store/event.ts';
import { recordEvents } from '../../../src/store/event-log.ts';
import type { EventFilter, SessionFilter } from '../../../src/store/lists/filters.ts';
import { settleFuture } from '../../../src/store/record/settle-future.ts';
import { retain } from '../../../src/store/retention.ts';
import { sessionStore } from '../../../src/store/session.ts';
import { NOON_MS, temporaryDatabaseWithSnapshots, UTC } from '../../fixtures/test-store.ts';

const DAY_MS = 86_400_000;
const TYPES = ['SESSION_STARTED', 'SESSION_ENDED', 'PEER_ADDED'] as const;
const USER_IDS = [1, 2, 3, 4];
const NO_TRAFFIC = { quarterHours: 0, hours: 0 };

/** Whole days, the moments beside them, and times between. */
const instant = fc
  .tuple(fc.integer({ min: -4, max: 8 }), fc.constantFrom(-1, 0, 1, 12_345_678, DAY_MS / 2))
  .map(([day, ms]) => new Date(Math.floor(NOON_MS / DAY_MS) * DAY_MS + day * DAY_MS + ms));

const userId = fc.constantFrom(...USER_IDS);
const type = fc.constantFrom(...TYPES);

/** What is done to a log, and to sessions that end after they start. */
type Operation = (db: Database) => Promise<unknown>;

function addEvents(db: Pick<Database, '$direct'>, at: Date, of: readonly [string, number][]) {
  const bare = { sessionId: null, interface: null, endpoint: '192.0.2.1:4', reason: null };
  return db.$direct((tx) =>
    recordEvents(
      tx,
      at,
      of.map(([type, userId]) => ({ ...bare, type, userId })),
    ),
  );
}

const events = fc.tuple(instant, fc.array(fc.tuple(type, userId), { maxLength: 9 })).map(
  ([at, of]): Operation =>
    (db) =>
      addEvents(db, at, of),
);

const session = fc
  .tuple(userId, instant, fc.option(fc.integer({ min: 0, max: 4 * DAY_MS }), { freq: 2 }))
  .map(
    ([userId, startedAt, lastsMs]): Operation =>
      async (db) => {
        if ((await db.user.findUnique({ where: { id: userId } })) === null) return;
        const endedAt = lastsMs === null ? null : new Date(startedAt.getTime() + lastsMs);
        await db.session.create({ data: { userId, startedAt, lastSeenAt: startedAt, endedAt } });
      },
  );

const ends = fc.tuple(userId, fc.integer({ min: 0, max: 2 * DAY_MS })).map(
  ([userId, lastsMs]): Operation =>
    (db) =>
      db.$executeRaw`
        UPDATE "Session" SET "endedAt" = "startedAt" + ${lastsMs}
        WHERE "userId" = ${userId} AND "endedAt" IS NULL`,
);

const clockSetBack = instant.map(
  (now): Operation =>
    (db) =>
      settleFuture(db, UTC, now),
);

const retention = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), instant)
  .map(
    ([events, sessions, now]): Operation =>
      (db) =>
        retain(db, UTC, { ...NO_TRAFFIC, events, sessions }, now),
  );

const erasure = userId.map(
  (id): Operation =>
    (db) =>
      eraseHistory(db, [id]),
);

const deletion = userId.map(
  (id): Operation =>
    (db) =>
      db.user.deleteMany({ where: { id } }),
);

const rollback = instant.map(
  (at): Operation =>
    (db) =>
      db
        .$transaction(async (tx) => {
          await tx.event.createMany({ data: [{ type: 'PEER_ADDED', at, userId: 1 }] });
          await tx.session.deleteMany({});
          throw new Error('rolled back');
        })
        .catch(() => {}),
);

const operation = fc.oneof(
  { arbitrary: fc.oneof(events, session), weight: 12 },
  { arbitrary: fc.oneof(ends, retention, rollback), weight: 4 },
  { arbitrary: fc.oneof(clockSetBack, erasure, deletion), weight: 1 },
);

const someUsers = fc.uniqueArray(fc.constantFrom(...USER_IDS, 99));

const eventFilter: fc.Arbitrary<EventFilter> = fc.record(
  {
    types: fc.uniqueArray(fc.constantFrom(...TYPES, 'PEER_MISSING')),
    userIds: someUsers,
    from: instant,
    to: instant,
  },
  { requiredKeys: [] },
);

const sessionFilter: fc.Arbitrary<SessionFilter> = fc.record(
  { userIds: someUsers, open: fc.boolean(), from: instant, to: instant },
  { requiredKeys: [] },
);

const isIn = (values: readonly unknown[]) =>
  values.length === 0 ? Prisma.sql`IN ()` : Prisma.sql`IN (${Prisma.join([...values])})`;

function matchingEvents({ types, userIds, from, to }: EventFilter): Prisma.Sql {
  const parts = [Prisma.sql`true`];
  if (types !== undefined) parts.push(Prisma.sql`"type" ${isIn(types)}`);
  if (userIds !== undefined) parts.push(Prisma.sql`"userId" ${isIn(userIds)}`);
  if (from !== undefined) parts.push(Prisma.sql`"at" >= ${from.getTime()}`);
  if (to !== undefined) parts.push(Prisma.sql`"at" < ${to.getTime()}`);
  return Prisma.join(parts, ' AND ');
}

function matchingSessions({ userIds, open, from, to }: SessionFilter): Prisma.Sql {
  const parts = [Prisma.sql`true`];
  if (userIds !== undefined) parts.push(Prisma.sql`"userId" ${isIn(userIds)}`);
  if (open !== undefined) parts.push(Prisma.sql`("endedAt" IS NULL) = ${open ? 1 : 0}`);
  if (to !== undefined) parts.push(Prisma.sql`"startedAt" < ${to.getTime()}`);
  if (from !== undefined) parts.push(Prisma.sql`COALESCE("endedAt", 1e300) >= ${from.getTime()}`);
  return Prisma.join(parts, ' AND ');
}

/** The ids that SQLite finds without any of the program's indexes and counts. */
async function eventsOf(db: Database, filter: EventFilter): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number | bigint }[]>`
    SELECT "id" FROM "Event" NOT INDEXED WHERE ${matchingEvents(filter)} ORDER BY "id"`;
  return rows.map(({ id }) => Number(id));
}

async function sessionsOf(db: Database, filter: SessionFilter): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number | bigint }[]>`
    SELECT "id" FROM "Session" NOT INDEXED WHERE ${matchingSessions(filter)}
    ORDER BY "startedAt" DESC, "id" DESC`;
  return rows.map(({ id }) => Number(id));
}

/** Ranges with each end, and without. */
function rangesOf<T>(a: T, b: T): readonly (readonly [T | undefined, T | undefined])[] {
  return [
    [undefined, undefined],
    [a, b],
  ];
}

async function opened() {
  const { db, snapshots } = await temporaryDatabaseWithSnapshots();
  const at = new Date(NOON_MS);
  await db.user.createMany({
    data: USER_IDS.map((id) => ({
      ...{ id, publicKey: `${id}`, quotaMarkAt: at, createdAt: at, updatedAt: at },
    })),
  });
  const [events, sessions] = [eventStore(db, snapshots), sessionStore(db, snapshots)];
  const placeOf = async (id: number | undefined) => {
    if (id === undefined) return undefined;
    const { startedAt } = await db.session.findUniqueOrThrow({ where: { id } });
    return [startedAt.getTime(), id] as const;
  };
  return {
    db,
    checkEvents: async (filter: EventFilter) => {
      const ids = await eventsOf(db, filter);
      expect(await events.count(filter)).toBe(ids.length);
      const [quarter, middle] = [ids[ids.length >> 2], ids[ids.length >> 1]];
      for (const [after, before] of rangesOf(quarter, middle)) {
        const inside = ids.filter((id) => id > (after ?? 0) && id < (before ?? Infinity));
        const page = { limit: 7, after, before };
        const rows = await events.list(filter, page);
        expect(rows.map(({ id }) => id)).toEqual(inside.slice(0, 7));
        const fromEnd = await events.list(filter, { ...page, fromEnd: true });
        expect(fromEnd.map(({ id }) => id)).toEqual(inside.toReversed().slice(0, 7));
      }
    },
    checkSessions: async (filter: SessionFilter) => {
      const ids = await sessionsOf(db, filter);
      expect(await sessions.count(filter)).toBe(ids.length);
      const offset = ids.length >> 1;
      const part = await sessions.list({ filter, limit: 7, offset });
      expect(part.map(({ id }) => id)).toEqual(ids.slice(offset, offset + 7));
      for (const [first, end] of rangesOf(ids.length >> 2, offset)) {
        const inside = ids.slice(first === undefined ? 0 : first + 1, end);
        const after = await placeOf(ids[first ?? -1]);
        const before = await placeOf(ids[end ?? -1]);
        const page = { filter, limit: 7, after, before };
        const rows = await sessions.list(page);
        expect(rows.map(({ id }) => id)).toEqual(inside.slice(0, 7));
        const fromEnd = await sessions.list({ ...page, fromEnd: true });
        expect(fromEnd.map(({ id }) => id)).toEqual(inside.toReversed().slice(0, 7));
      }
    },
  };
}

describe('counts and pages of sessions and events', () => {
  it('are those of the rows after any sequence of writes', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 30, maxLength: 60 }),
        fc.array(eventFilter, { minLength: 20, maxLength: 20 }),
        fc.array(sessionFilter, { minLength: 20, maxLength: 20 }),
        async (operations, eventFilters, sessionFilters) => {
          const { db, checkEvents, checkSessions } = await opened();
          for (const run of operations) await run(db);
          for (const filter of eventFilters) await checkEvents(filter);
          for (const filter of sessionFilters) await checkSessions(filter);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are complete if the rows are read in many parts', async () => {
    const { db, checkEvents, checkSessions } = await opened();
    const startMs = NOON_MS - 300 * DAY_MS;
    const numbers = Prisma.sql`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)`;
    await db.$executeRaw`
      INSERT INTO "Event" ("type", "at", "userId")
      ${numbers} SELECT CASE WHEN i % 9000 = 0 THEN 'PEER_ADDED' ELSE 'SESSION_ENDED' END,
        ${startMs} + i * 500000, 1 + i % 2 FROM n`;
    // Many begin at the same time; some last for months.
    await db.$executeRaw`
      INSERT INTO "Session" ("userId", "startedAt", "lastSeenAt", "endedAt")
      ${numbers} SELECT 1 + (i % 7000 = 0), ${startMs} + i / 1500 * 750000000, ${startMs},
        CASE WHEN i % 8000 = 0 THEN NULL
        ELSE ${startMs} + i / 1500 * 750000000 + CASE WHEN i % 9000 = 0 THEN 9000000000 ELSE i END END
        FROM n`;
    const [from, to] = [new Date(NOON_MS - 200 * DAY_MS), new Date(NOON_MS - 100 * DAY_MS)];
    for (const types of [undefined, ['PEER_ADDED'], ['SESSION_ENDED']]) {
      for (const userIds of [undefined, [1], [1, 2, 3], [3]]) {
        const of = { ...(types && { types }), ...(userIds && { userIds }) };
        await checkEvents(of);
        await checkEvents({ ...of, from, to });
      }
    }
    for (const userId of [undefined, 1, 2, 3]) {
      for (const open of [undefined, true, false]) {
        const of = { ...(userId && { userId }), ...(open !== undefined && { open }) };
        for (const span of [{}, { from }, { to }, { from, to }, { from: to, to: from }]) {
          await checkSessions({ ...of, ...span });
        }
      }
    }
  });
});
