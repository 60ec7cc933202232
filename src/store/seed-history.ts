import type { DirectTransaction } from './database/connection.ts';
import type { Database } from './database/open.ts';
import { setRecordStart } from './meta.ts';
import { book, type SpanBytes } from './traffic/book.ts';
import { writeKeptSince } from './traffic/kept-since.ts';
import { ALL_USERS, quarterOf, startMsOf, type Zone } from './traffic/levels.ts';

/** A session that ended. */
export interface SeedSession {
  readonly startMs: number;
  readonly endMs: number;
  readonly rx: number;
  readonly tx: number;
  readonly endpoint: string;
}

/** A managed user with its past; the sessions are in the order of time. */
export interface SeedUser {
  readonly publicKey: string;
  readonly nickname: string;
  readonly mail: string;
  readonly note: string;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly interface: string;
  readonly allowedIps: string;
  readonly enabled: boolean;
  readonly missing: boolean;
  readonly dataLimit: number;
  readonly quotaPeriod: string;
  readonly bandwidthLimit: number;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly sessions: readonly SeedSession[];
}

/** Quarter hours are kept so long by default. */
const QUARTERS_KEPT_MS = 90 * 86_400_000;

/** Writes the past of users to an empty database, as if it had been recorded. */
export async function seedHistory(
  db: Database,
  zone: Zone,
  users: readonly SeedUser[],
  now: Date,
): Promise<void> {
  const start = new Date(Math.min(now.getTime(), ...users.map((user) => user.createdAt.getTime())));
  await db.$direct(async (tx) => {
    await setRecordStart(tx, start);
    await writeKeptSince(tx, { quarters: quarterOf(now.getTime() - QUARTERS_KEPT_MS), hours: 0 });
    const ids = new Map<string, number>();
    for (const user of users) ids.set(user.publicKey, await addUser(tx, user));
    await addSessions(tx, users, ids);
    await addTraffic(tx, zone, users, ids);
  });
}

async function addUser(tx: DirectTransaction, user: SeedUser): Promise<number> {
  const last = user.sessions.at(-1);
  const sum = (field: 'rx' | 'tx') => user.sessions.reduce((all, one) => all + one[field], 0);
  const createdMs = user.createdAt.getTime();
  const values = {
    publicKey: user.publicKey,
    nickname: user.nickname,
    mail: user.mail,
    note: user.note,
    owner: user.owner,
    tags: JSON.stringify(user.tags),
    interface: user.interface,
    allowedIps: user.allowedIps,
    managed: 1,
    registeredAt: createdMs,
    presharedKeyKnown: 1,
    enabled: user.enabled ? 1 : 0,
    missing: user.missing ? 1 : 0,
    dataLimit: user.dataLimit,
    quotaPeriod: user.quotaPeriod,
    bandwidthLimit: user.bandwidthLimit,
    expiresAt: user.expiresAt?.getTime() ?? null,
    endpoint: last?.endpoint ?? null,
    lastSeenAt: last?.endMs ?? null,
    rx: sum('rx'),
    tx: sum('tx'),
    quotaMarkAt: createdMs,
    createdAt: createdMs,
    updatedAt: createdMs,
  };
  const names = Object.keys(values);
  const [row] = await tx.$queryRawUnsafe<[{ id: bigint }]>(
    `INSERT INTO "User" (${names.map((name) => `"${name}"`).join(', ')})
     VALUES (${names.map(() => '?').join(', ')}) RETURNING "id"`,
    ...Object.values(values),
  );
  return Number(row.id);
}

interface OwnSession extends SeedSession {
  readonly userId: number;
  readonly interface: string;
}

/** Sessions and their events get their ids in the order of time, as recorded ones do. */
async function addSessions(
  tx: DirectTransaction,
  users: readonly SeedUser[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const sessions = users
    .flatMap((user): OwnSession[] =>
      user.sessions.map((session) => ({
        ...session,
        userId: ids.get(user.publicKey) ?? 0,
        interface: user.interface,
      })),
    )
    .sort((a, b) => a.startMs - b.startMs);
  await tx.each(
    `INSERT INTO "Session" ("userId", "startedAt", "endedAt", "lastSeenAt", "endpoint", "rx", "tx", "endReason")
     VALUES (?, ?, ?, ?, ?, ?, ?, 'TIMEOUT')`,
    sessions,
    (one) => [one.userId, one.startMs, one.endMs, one.endMs, one.endpoint, one.rx, one.tx],
  );
  await tx.$executeRawUnsafe(
    `UPDATE "User" SET "latestSessionId" = (SELECT MAX("id") FROM "Session" WHERE "userId" = "User"."id")`,
  );
  const events = sessions
    .flatMap((one, index) => [
      { ...one, sessionId: index + 1, type: 'SESSION_STARTED', atMs: one.startMs },
      { ...one, sessionId: index + 1, type: 'SESSION_ENDED', atMs: one.endMs },
    ])
    .sort((a, b) => a.atMs - b.atMs);
  await tx.each(
    `INSERT INTO "Event" ("type", "at", "userId", "sessionId", "interface", "endpoint")
     VALUES (?, ?, ?, ?, ?, ?)`,
    events,
    (one) => [one.type, one.atMs, one.userId, one.sessionId, one.interface, one.endpoint],
  );
}

async function addTraffic(
  tx: DirectTransaction,
  zone: Zone,
  users: readonly SeedUser[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const all = new Map<number, SpanBytes>();
  for (const { publicKey, sessions } of users) {
    const userId = ids.get(publicKey) ?? 0;
    const own = sessions.flatMap((session) => quartersOf(session, userId));
    await book(tx, zone, own);
    for (const { start, rx, tx: sent } of own) {
      const known = all.get(start);
      all.set(start, {
        userId: ALL_USERS,
        start,
        end: start + 1,
        rx: (known?.rx ?? 0n) + rx,
        tx: (known?.tx ?? 0n) + sent,
        estimated: false,
      });
    }
  }
  await book(
    tx,
    zone,
    [...all.values()].sort((a, b) => a.start - b.start),
  );
}

/** The bytes of a session by quarter hour, in proportion to the time; what is left of the division is in the last. */
function quartersOf({ startMs, endMs, rx, tx }: SeedSession, userId: number): SpanBytes[] {
  const spans: SpanBytes[] = [];
  let [restRx, restTx] = [BigInt(rx), BigInt(tx)];
  const last = quarterOf(endMs - 1);
  for (let start = quarterOf(startMs); start <= last; start++) {
    const from = Math.max(startMs, startMsOf(start));
    const share = (Math.min(endMs, startMsOf(start + 1)) - from) / (endMs - startMs);
    const part = (whole: number, rest: bigint) =>
      start === last ? rest : BigInt(Math.floor(whole * share));
    const [ownRx, ownTx] = [part(rx, restRx), part(tx, restTx)];
    restRx -= ownRx;
    restTx -= ownTx;
    spans.push({ userId, start, end: start + 1, rx: ownRx, tx: ownTx, estimated: false });
  }
  return spans;
}
