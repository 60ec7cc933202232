import type { SessionChange } from '../../domain/tracking/changes.ts';
import type { DirectTransaction, RawTransaction } from '../database/connection.ts';
import { bulkRows, cappedAdd, runBulk } from '../database/sql.ts';
import type { KnownUser } from './known-user.ts';

type Of<K extends SessionChange['kind']> = readonly Extract<SessionChange, { kind: K }>[];
type Known = (publicKey: string) => KnownUser;

export async function endSessions(
  tx: RawTransaction,
  ended: Of<'ended'>,
  known: Known,
): Promise<void> {
  await runBulk(
    tx,
    `UPDATE "Session" SET "endedAt" = j."endedAt", "endReason" = j."reason"
     FROM (SELECT value->>0 AS "id", value->>1 AS "endedAt", value->>2 AS "reason"
           FROM json_each(?)) AS j
     WHERE "Session"."id" = j."id"`,
    ended.map((session) => [
      known(session.publicKey).openSessionId,
      session.endedMs,
      session.reason,
    ]),
  );
  await runBulk(
    tx,
    `UPDATE "User" SET "online" = 0
     WHERE "id" IN (SELECT value->>0 FROM json_each(?))`,
    ended.map((session) => [known(session.publicKey).id]),
  );
}

/** Opens sessions and returns their ids by public key. */
export async function startSessions(
  tx: RawTransaction,
  started: Of<'started'>,
  known: Known,
): Promise<Map<string, number>> {
  if (started.length === 0) return new Map();
  const rows = started.map((session) => [
    known(session.publicKey).id,
    session.startedMs,
    session.lastSeenMs,
    session.endpoint,
    session.rxBytes,
    session.txBytes,
  ]);
  const inserted = await tx.$queryRawUnsafe<{ id: number; userId: number }[]>(
    `INSERT INTO "Session" ("userId", "startedAt", "lastSeenAt", "endpoint", "rx", "tx")
     SELECT value->>0, value->>1, value->>2, value->>3,
            CAST(value->>4 AS INTEGER), CAST(value->>5 AS INTEGER)
     FROM json_each(?) ORDER BY key RETURNING "id", "userId"`,
    bulkRows(rows),
  );
  await runBulk(
    tx,
    `UPDATE "User" SET "online" = 1, "latestSessionId" = j."sessionId"
     FROM (SELECT value->>0 AS "id", value->>1 AS "sessionId" FROM json_each(?)) AS j
     WHERE "User"."id" = j."id"`,
    inserted.map(({ id, userId }) => [Number(userId), Number(id)]),
  );
  const byUser = new Map(inserted.map(({ id, userId }) => [Number(userId), Number(id)]));
  return new Map(
    started.map(({ publicKey }) => [publicKey, byUser.get(known(publicKey).id) as number]),
  );
}

export function progressSessions(
  tx: DirectTransaction,
  continued: Of<'continued'>,
  known: Known,
): Promise<void> {
  return tx.each(
    `UPDATE "Session" SET "lastSeenAt" = ?, "endpoint" = COALESCE(?, "endpoint"),
       "rx" = ${cappedAdd('"rx"')}, "tx" = ${cappedAdd('"tx"')}
     WHERE "id" = ?`,
    continued,
    (session) => [
      session.lastSeenMs,
      session.endpoint,
      session.rxBytes,
      session.txBytes,
      known(session.publicKey).openSessionId,
    ],
  );
}
