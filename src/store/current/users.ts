import { setImmediate } from 'node:timers/promises';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Snapshot, Snapshots } from '../database/snapshots.ts';
import type { UserRecord } from '../records.ts';
import type { ChangedUsers, UserChanges } from './changed-users.ts';
import { USER_COLUMNS, userOf } from './user-row.ts';

/** A user as of the last commit. */
export interface CurrentUser {
  readonly user: UserRecord;
  /** When the latest session began; null when there never was one. */
  readonly lastLoginAt: Date | null;
  /** The same object until more changes than the bytes and the time of the last proof of life. */
  readonly steady: object;
}

/** All users as of one commit, by id. Nothing in it ever changes. */
export interface UserView {
  readonly revision: number;
  readonly users: readonly CurrentUser[];
  find(id: number): CurrentUser | null;
  findByKey(publicKey: string): CurrentUser | null;
}

/** The users in memory, which reads are answered from. The database stays the truth. */
export interface CurrentUsers {
  /** The number of the last commit that changed a user. */
  readonly revision: number;
  /** Reads what was committed since the last call, and returns all users as of now. */
  view(): Promise<UserView>;
  /**
   * Must be called after each commit: if users were asked for since the one before, reads at once what it changed,
   * because they will be asked for again.
   */
  readAhead(): void;
}

/** Rows read between two turns of the event loop: a few milliseconds of work. */
const ROWS_A_SLICE = 1_000;

const LAST_LOGIN = Prisma.sql`
  (SELECT s."startedAt" FROM "Session" AS s WHERE s."id" = "User"."latestSessionId")`;

const NO_USERS = viewOf(-1, [], new Map(), new Map());

export function currentUsers(snapshots: Snapshots, changes: UserChanges): CurrentUsers {
  const feed = changes.feed();
  let view: UserView & Indexes = NO_USERS;
  let refreshing: Promise<void> | null = null;
  let isAskedFor = false;

  const refresh = async (): Promise<void> => {
    const { revision } = changes;
    const taken = feed.take();
    try {
      view = await snapshots.read((snapshot) =>
        view === NO_USERS || taken.isAny
          ? readAll(snapshot, revision)
          : readChanged(snapshot, view, taken, revision),
      );
    } catch (error) {
      feed.giveBack(taken);
      throw error;
    }
  };

  const current = async (): Promise<UserView> => {
    const wanted = changes.revision;
    while (view.revision < wanted) {
      refreshing ??= refresh().finally(() => {
        refreshing = null;
      });
      await refreshing;
    }
    return view;
  };

  return {
    get revision() {
      return changes.revision;
    },
    view: () => {
      isAskedFor = true;
      return current();
    },
    readAhead: () => {
      if (!isAskedFor) return;
      isAskedFor = false;
      // Who asks next gets the error.
      globalThis.setImmediate(() => current().catch(() => {}));
    },
  };
}

async function readAll(snapshot: Snapshot, revision: number): Promise<UserView & Indexes> {
  const users: CurrentUser[] = [];
  for (;;) {
    const rows = snapshot.all(Prisma.sql`
      SELECT ${USER_COLUMNS}, ${LAST_LOGIN} FROM "User"
      WHERE "id" > ${users.at(-1)?.user.id ?? 0} ORDER BY "id" LIMIT ${ROWS_A_SLICE}`);
    for (const cells of rows) users.push(currentUserOf(cells));
    if (rows.length < ROWS_A_SLICE) return indexed(revision, users);
    await setImmediate();
  }
}

async function readChanged(
  snapshot: Snapshot,
  before: UserView & Indexes,
  { changed, moved }: ChangedUsers,
  revision: number,
): Promise<UserView & Indexes> {
  const read = new Map<number, CurrentUser>();
  for (const ids of slicesOf(changed)) {
    if (read.size > 0) await setImmediate();
    const rows = snapshot.all(
      Prisma.sql`SELECT ${USER_COLUMNS}, ${LAST_LOGIN} FROM "User" WHERE "id" IN (${each(ids)})`,
    );
    for (const cells of rows) read.set(cells[0] as number, currentUserOf(cells));
  }
  for (const ids of slicesOf(moved)) {
    if (read.size > 0) await setImmediate();
    const rows = snapshot.all(
      Prisma.sql`SELECT "id", "rx", "tx", "lastSeenAt" FROM "User" WHERE "id" IN (${each(ids)})`,
      true,
    );
    for (const [key, rx, tx, lastSeenAt] of rows as [bigint, bigint, bigint, bigint | null][]) {
      const id = Number(key);
      const { user, lastLoginAt, steady } = before.find(id) as CurrentUser;
      const moved = { ...user, rx, tx, lastSeenAt: null as Date | null };
      if (lastSeenAt !== null) moved.lastSeenAt = new Date(Number(lastSeenAt));
      read.set(id, { user: moved, lastLoginAt, steady });
    }
  }
  return replaced(before, changed, read, revision);
}

function* slicesOf(ids: ReadonlySet<number>): Generator<number[], void, void> {
  const all = [...ids];
  for (let at = 0; at < all.length; at += ROWS_A_SLICE) yield all.slice(at, at + ROWS_A_SLICE);
}

function each(ids: readonly number[]): Prisma.Sql {
  return Prisma.sql`SELECT value FROM json_each(${JSON.stringify(ids)})`;
}

function currentUserOf(cells: readonly unknown[]): CurrentUser {
  const startedAt = cells.at(-1);
  return {
    user: userOf(cells),
    lastLoginAt: typeof startedAt === 'number' ? new Date(startedAt) : null,
    steady: {},
  };
}

/** Places in the list of users, which stay the same until one is added or deleted. */
interface Indexes {
  readonly byId: ReadonlyMap<number, number>;
  readonly byKey: ReadonlyMap<string, number>;
}

function replaced(
  before: UserView & Indexes,
  changed: ReadonlySet<number>,
  read: ReadonlyMap<number, CurrentUser>,
  revision: number,
): UserView & Indexes {
  const isSameList = [...changed].every((id) => before.byId.has(id) === read.has(id));
  if (!isSameList) {
    const kept = before.users.filter(({ user }) => !changed.has(user.id) && !read.has(user.id));
    const users = [...kept, ...read.values()].sort((a, b) => a.user.id - b.user.id);
    return indexed(revision, users);
  }
  const users = [...before.users];
  for (const [id, user] of read) users[before.byId.get(id) as number] = user;
  return viewOf(revision, users, before.byId, before.byKey);
}

function indexed(revision: number, users: readonly CurrentUser[]): UserView & Indexes {
  const byId = new Map(users.map(({ user }, index) => [user.id, index]));
  const byKey = new Map(users.map(({ user }, index) => [user.publicKey, index]));
  return viewOf(revision, users, byId, byKey);
}

function viewOf(
  revision: number,
  users: readonly CurrentUser[],
  byId: ReadonlyMap<number, number>,
  byKey: ReadonlyMap<string, number>,
): UserView & Indexes {
  const at = (index: number | undefined) => (index === undefined ? null : (users[index] ?? null));
  return {
    revision,
    users,
    byId,
    byKey,
    find: (id) => at(byId.get(id)),
    findByKey: (publicKey) => at(byKey.get(publicKey)),
  };
}
