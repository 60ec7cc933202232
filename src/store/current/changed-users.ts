import { USER_FIELDS } from '../../domain/user-fields.ts';
import type { Connection } from '../database/connection.ts';

/** The users that were written since the last time somebody asked. */
export interface ChangedUsers {
  /** Another connection has written, such as an operator's shell, so anything may have changed. */
  readonly isAny: boolean;
  /** Any field may have changed, or the user was added or deleted. */
  readonly changed: ReadonlySet<number>;
  /** Only `MOVING` fields changed. */
  readonly moved: ReadonlySet<number>;
}

/** Knows which users the server's connection has written, whoever wrote them. */
export interface UserChanges {
  /** Increases with every commit that changed a user. */
  readonly revision: number;
  /** Makes a connection report every user that it writes. */
  watch(connection: Pick<Connection, 'client'>): void;
  /** Must be called after each commit of that connection; notices then what others have written. */
  committed(): void;
  /** Collects what is committed from now on, for one reader. */
  feed(): ChangeFeed;
}

/** What was committed and one reader has not taken yet. */
export interface ChangeFeed {
  /** What was committed since the last call, and perhaps more. */
  take(): ChangedUsers;
  /** Returns what was taken, because it could not be read. */
  giveBack(taken: ChangedUsers): void;
}

/** The fields that every poll changes while bytes flow. */
export const MOVING = ['rx', 'tx', 'lastSeenAt'] as const;

const STEADY = Object.keys(USER_FIELDS).filter(
  (name) => !(MOVING as readonly string[]).includes(name),
);

const columns = (names: readonly string[]) => names.map((name) => `"${name}"`).join();

const isSteadyChanged = STEADY.map((name) => `OLD."${name}" IS NOT NEW."${name}"`).join(' OR ');

/** Triggers of this connection alone; the file does not contain them. */
const TRIGGERS = `
  CREATE TEMP TRIGGER "UserAdded" AFTER INSERT ON main."User"
    BEGIN SELECT user_written(NEW."id", 1); END;
  CREATE TEMP TRIGGER "UserDeleted" AFTER DELETE ON main."User"
    BEGIN SELECT user_written(OLD."id", 1); END;
  CREATE TEMP TRIGGER "UserMoved" AFTER UPDATE OF ${columns(MOVING)} ON main."User"
    BEGIN SELECT user_written(NEW."id", 0); END;
  CREATE TEMP TRIGGER "UserChanged" AFTER UPDATE OF ${columns(STEADY)} ON main."User"
    WHEN ${isSteadyChanged} BEGIN SELECT user_written(NEW."id", 1); END;
  CREATE TEMP TRIGGER "LatestSessionMoved" AFTER UPDATE OF "startedAt" ON main."Session"
    BEGIN SELECT user_written("id", 1) FROM "User" WHERE "latestSessionId" = NEW."id"; END;
`;

export function createUserChanges(): UserChanges {
  let revision = 0;
  const feeds: ((some: ChangedUsers) => void)[] = [];
  // Until the commit: whoever reads in the middle of a transaction must read these again after it.
  const written = { changed: new Set<number>(), moved: new Set<number>() };
  let versionOf: () => unknown = () => null;
  let version: unknown = null;
  return {
    get revision() {
      return revision;
    },
    watch: ({ client }) => {
      client.function('user_written', { safeIntegers: false }, (id: number, isChanged: number) => {
        (isChanged ? written.changed : written.moved).add(id);
      });
      client.exec(TRIGGERS);
      versionOf = () => client.pragma('data_version', { simple: true });
      version = versionOf();
    },
    // What was rolled back before is read again too, which does no harm.
    committed: () => {
      const before = version;
      version = versionOf();
      const isForeign = version !== before;
      if (!isForeign && written.changed.size + written.moved.size === 0) return;
      for (const add of feeds) add({ isAny: isForeign, ...written });
      written.changed.clear();
      written.moved.clear();
      revision++;
    },
    feed: () => {
      const { add, ...feed } = changeFeed();
      feeds.push(add);
      return feed;
    },
  };
}

function changeFeed(): ChangeFeed & { readonly add: (some: ChangedUsers) => void } {
  let isAny = false;
  let changed = new Set<number>();
  let moved = new Set<number>();
  const add = (some: ChangedUsers): void => {
    isAny ||= some.isAny;
    for (const id of some.changed) changed.add(id);
    for (const id of some.moved) moved.add(id);
  };
  return {
    add,
    take: () => {
      for (const id of changed) moved.delete(id);
      const taken = { isAny, changed, moved };
      isAny = false;
      changed = new Set();
      moved = new Set();
      return taken;
    },
    giveBack: add,
  };
}
