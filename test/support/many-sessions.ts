import Database from 'better-sqlite3';

export interface ManySessions {
  readonly users: number;
  readonly sessions: number;
  /** When the last session began. */
  readonly untilMs: number;
}

/** Fills an existing database with users and their ended sessions, one a minute; seconds for a million. */
export function addManySessions(path: string, { users, sessions, untilMs }: ManySessions): void {
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.exec('BEGIN');
  const startMs = untilMs - sessions * 60_000;
  db.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @users)
     INSERT INTO "User" ("publicKey", "nickname", "quotaMarkAt", "createdAt", "updatedAt", "latestSessionId")
     SELECT substr(hex(randomblob(22)), 1, 43) || '=', 'user ' || i, @startMs, @startMs, @startMs,
       @sessions - @users + i FROM n`,
  ).run({ users, sessions, startMs });
  db.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @sessions)
     INSERT INTO "Session"
       ("id", "userId", "startedAt", "endedAt", "lastSeenAt", "endpoint", "rx", "tx", "endReason")
     SELECT i, 1 + (i - @sessions + @users - 1 + @users * @sessions) % @users, @startMs + i * 60000,
       @startMs + i * 60000 + 50000, @startMs + i * 60000 + 50000, '192.0.2.1:40000',
       9007199254740993 + i, i, 'TIMEOUT' FROM n`,
  ).run({ users, sessions, startMs });
  db.exec('COMMIT');
  db.close();
}
