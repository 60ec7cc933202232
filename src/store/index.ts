import { databasePath } from '../config/database-url.ts';
import type { PolicyStore } from '../domain/enforcement/policy-store.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Instant } from '../domain/time/clock.ts';
import type { ClockRecord } from '../domain/time/clock-trust.ts';
import type { TrackerState } from '../domain/tracking/tracker-state.ts';
import type { Tracer } from '../tracing/tracer.ts';
import { loginStore } from './access/login.ts';
import { type TokenStore, tokenStore } from './access/token.ts';
import { clientDefaultsStore } from './client-defaults.ts';
import { createUserChanges, type UserChanges } from './current/changed-users.ts';
import { type CurrentUsers, currentUsers } from './current/users.ts';
import { type Database, openDatabase, openingAt } from './database/open.ts';
import { lockForServer, type ServerLock } from './database/server-lock.ts';
import { type Snapshots, snapshotsOf } from './database/snapshots.ts';
import { type PolicyStoreOptions, policyStore } from './enforcement/policy.ts';
import { type EnforcementFilter, idsEnforced } from './enforcement/state.ts';
import { eventStore } from './event.ts';
import { type DatabaseFiles, databaseFiles } from './files/database-files.ts';
import { type Downloads, downloadsOf, removeUnfinishedDownloads } from './files/downloads.ts';
import { auditStore } from './lists/audit.ts';
import { wholeSessions } from './lists/whole-sessions.ts';
import { clockRecordText, hasRecordStart, keepClockRecordText, recordStart } from './meta.ts';
import { overviewStore } from './overview.ts';
import { type OwnedReads, ownedReads, type Reads } from './owned/owned.ts';
import { peerStore } from './peer.ts';
import { loadState } from './record/load-state.ts';
import { createRecorder, type Recorder } from './record/recorder.ts';
import { lastRecordedAt, settleFuture } from './record/settle-future.ts';
import { type KeepDays, retain } from './retention.ts';
import { type SeedUser, seedHistory } from './seed-history.ts';
import { sessionStore } from './session.ts';
import { type Zone, zoneOf } from './traffic/levels.ts';
import { prepareTraffic } from './traffic/prepare.ts';
import type { Progress } from './traffic/progress.ts';
import { trafficStore } from './traffic/read.ts';
import { userStore } from './user.ts';
import { userCommands } from './user-commands.ts';
import { webhookStore } from './webhook/webhook.ts';

/** All stored data: the writer of polls, the commands, and the queries. */
export interface Store {
  readonly recorder: Recorder;
  readonly users: ReturnType<typeof userStore>;
  readonly commands: ReturnType<typeof userCommands>;
  readonly sessions: ReturnType<typeof sessionStore>;
  readonly traffic: ReturnType<typeof trafficStore>;
  readonly overview: ReturnType<typeof overviewStore>;
  readonly clientDefaults: ReturnType<typeof clientDefaultsStore>;
  readonly events: ReturnType<typeof eventStore>;
  readonly audit: ReturnType<typeof auditStore>;
  /** Lists of unlimited length, each read as it is at one instant. */
  readonly whole: {
    readonly sessions: ReturnType<typeof wholeSessions>;
  };
  readonly peers: ReturnType<typeof peerStore>;
  /** What concerns the users of one owner, and nothing else. */
  ownedBy(owner: string): OwnedReads;
  readonly tokens: TokenStore;
  readonly logins: ReturnType<typeof loginStore>;
  readonly webhooks: ReturnType<typeof webhookStore>;
  readonly downloads: Pick<Downloads, 'open'>;
  /** The part that the reconciler uses. */
  policies(options: Omit<PolicyStoreOptions, 'changes' | 'forget'>): PolicyStore;
  /** The absolute path of the database, with symbolic links resolved. */
  readonly path: string;
  /** false: a second server is detected only by the lock file beside the database. */
  readonly isLocked: boolean;
  /** The database was empty before this start. */
  readonly isNew: boolean;
  /** When this database's record begins. */
  readonly recordStart: Date;
  loadState(watched: readonly string[], now: Instant): Promise<TrackerState>;
  /** The newest time in the record of observations, or null. */
  lastRecordedAt(): Promise<Date | null>;
  /** The state of the clock kept between two starts. */
  clockRecord(): Promise<ClockRecord>;
  keepClockRecord(record: ClockRecord): Promise<void>;
  /** Moves to now what was recorded while the clock was ahead. */
  settleFuture(now: Date): Promise<void>;
  retain(keep: KeepDays, now: Date): Promise<void>;
  /** Rejects if the database cannot be read or if data written to it would be lost. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly now: Date;
  /** The calendar of the configured time zone. */
  readonly calendar: Calendar;
  /** Called now and then while a long update of the database goes on. */
  readonly onProgress: Progress;
  /** What a new database has already recorded; absent: nothing. */
  readonly history?: () => readonly SeedUser[];
  /** null: traces are off. */
  readonly tracer?: Tracer | null;
}

/** Locks the database for this server, updates its schema, and returns the store. */
export async function openStore(
  databaseUrl: string,
  { now, calendar, onProgress, history, tracer = null }: StoreOptions,
): Promise<Store> {
  const lock = await openingAt(databaseUrl, lockForServer);
  try {
    await removeUnfinishedDownloads(lock.path);
    const files = databaseFiles(databasePath(databaseUrl), lock.path, lock.handle);
    const changes = createUserChanges();
    const snapshots = snapshotsOf(lock.path, files, tracer);
    const current = currentUsers(snapshots, changes);
    const db = await openDatabase(databaseUrl, {
      tracer,
      beforeWrite: files.requireInPlace,
      onDamage: files.noteDamage,
      onConnect: changes.watch,
      afterCommit: () => {
        changes.committed();
        current.readAhead();
      },
    });
    files.whenMoved(() => emptyWal(db));
    const zone = zoneOf(calendar);
    await openingAt(databaseUrl, () => prepareTraffic(db, zone, onProgress));
    if (history !== undefined && !(await hasRecordStart(db))) {
      await seedHistory(db, zone, history(), now);
    }
    return await storeOf(db, { lock, snapshots, files, changes, current, now, zone });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Moves committed data to the open database file. SQLite leaves it in the WAL of a file that was moved, and
 * would apply that WAL to the file that is there now, which damages it.
 */
async function emptyWal(db: Database): Promise<void> {
  await db.$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`;
}

interface Opened {
  readonly lock: ServerLock;
  readonly files: DatabaseFiles;
  readonly snapshots: Snapshots;
  readonly changes: UserChanges;
  readonly current: CurrentUsers;
  readonly now: Date;
  readonly zone: Zone;
}

async function storeOf(db: Database, opened: Opened): Promise<Store> {
  const { lock, files, snapshots, changes, current, now, zone } = opened;
  const recorder = createRecorder(db, zone);
  const enforced = (filter: EnforcementFilter) => idsEnforced(db, filter);
  const isNew = !(await hasRecordStart(db));
  const downloads = downloadsOf(lock.path, files.requireInPlace);
  const reads: Reads = {
    sessions: sessionStore(db, snapshots),
    traffic: trafficStore(snapshots, zone),
    overview: overviewStore(db),
    clientDefaults: clientDefaultsStore(db),
    events: eventStore(db, snapshots),
    whole: { sessions: wholeSessions(snapshots) },
    peers: peerStore(db),
    recordStart: await recordStart(db, now),
  };
  return {
    ...reads,
    recorder,
    users: userStore(current, enforced),
    ownedBy: (owner) => ownedReads(reads, current, enforced, owner),
    commands: userCommands(db),
    audit: auditStore(db),
    tokens: tokenStore(db),
    logins: loginStore(db),
    webhooks: webhookStore(db),
    downloads,
    policies: (options) =>
      policyStore(db, { ...options, changes: changes.feed(), forget: recorder.forget }),
    path: lock.path,
    isLocked: lock.isOnDatabase,
    isNew,
    loadState: (watched, instant) => loadState(db, watched, instant),
    lastRecordedAt: () => lastRecordedAt(db),
    clockRecord: async () => clockRecordOf(await clockRecordText(db)),
    keepClockRecord: (record) => keepClockRecordText(db, JSON.stringify(record)),
    settleFuture: (at) => settleFuture(db, zone, at),
    retain: (keep, at) => retain(db, zone, keep, at),
    ping: async () => {
      files.requireInPlace();
      files.requireReadable();
      await db.$read('SELECT COUNT(*) FROM "Meta"');
    },
    close: async () => {
      snapshots.close();
      await downloads.close();
      await db.$disconnect();
      lock.release();
    },
  };
}

function clockRecordOf(json: string | null): ClockRecord {
  const { trustedAtMs = null, seenMs = 0 } = json === null ? {} : JSON.parse(json);
  return { trustedAtMs, seenMs };
}
