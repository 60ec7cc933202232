/**
 * Fills the database of a stopped program with a year of history, through the tables of prisma/schema.prisma: users,
 * their sessions and events evenly over the year, and traffic of some of them at all times. The only file here that
 * knows the tables.
 */
import { statSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { keyOf } from './peers.mjs';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const QUARTER_MS = 15 * 60_000;
/** What is kept at which width, as by default. */
const QUARTER_DAYS = 90;

/** The rows of `n(i)`, which counts from 1. */
const NUMBERS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @count)';

function fill({ databaseFile, users, sessions, events, active }) {
  const db = new SQLite(databaseFile);
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  db.pragma('temp_store = MEMORY');
  const untilMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const startMs = untilMs - YEAR_MS;
  const run = (sql, values) => db.prepare(sql).run({ startMs, untilMs, ...values });

  const addUser = db.prepare(
    `INSERT INTO "User" ("publicKey", "nickname", "interface", "quotaMarkAt", "createdAt", "updatedAt",
       "latestSessionId") VALUES (?, ?, 'wg0', ?, ?, ?, ?)`,
  );
  db.transaction(() => {
    for (let index = 0; index < users; index++) {
      const latest = sessions >= users ? sessions - users + index + 1 : null;
      addUser.run(keyOf(index), `user ${index}`, startMs, startMs, startMs, latest);
    }
    const every = sessions > 0 ? Math.floor(YEAR_MS / sessions) : 0;
    run(
      `${NUMBERS} INSERT INTO "Session"
         ("userId", "startedAt", "endedAt", "lastSeenAt", "endpoint", "rx", "tx", "endReason")
       SELECT 1 + (i - 1 + @users - @count % @users) % @users, @startMs + i * @every - 600000,
         @startMs + i * @every, @startMs + i * @every, '198.51.100.' || (i % 250) || ':40000',
         i * 1000, i * 9000, 'TIMEOUT' FROM n WHERE @count > 0`,
      { count: sessions, users, every },
    );
    run(
      `${NUMBERS} INSERT INTO "Event" ("type", "at", "userId", "sessionId", "interface", "endpoint")
       SELECT CASE i % 2 WHEN 0 THEN 'SESSION_ENDED' ELSE 'SESSION_STARTED' END, @startMs + i * @every,
         1 + i / 2 % @users, 1 + i / 2, 'wg0', '198.51.100.' || (i % 250) || ':40000'
       FROM n WHERE @count > 0`,
      { count: events, users, every: events > 0 ? Math.floor(YEAR_MS / events) : 0 },
    );
    fillTraffic(db, { active, startMs, untilMs });
  })();
  const trafficBytes = db
    .prepare(`SELECT SUM("pgsize") FROM dbstat WHERE "name" LIKE 'Traffic%'`)
    .pluck()
    .get();
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return { bytes: statSync(databaseFile).size, trafficBytes };
}

/** Quarter hours while they are kept, hours and days, of some users and of all together, who have the id 0. */
function fillTraffic(db, { active, startMs, untilMs }) {
  const quartersFrom = untilMs - QUARTER_DAYS * DAY_MS;
  db.prepare(`INSERT OR REPLACE INTO "Meta" VALUES ('trafficQuartersSince', ?)`).run(
    String(quartersFrom / QUARTER_MS),
  );
  for (const [table, width, fromMs] of [
    ['TrafficQuarter', 1, quartersFrom],
    ['TrafficHour', 4, startMs],
    ['TrafficDay', 96, startMs],
  ]) {
    const from = fromMs / QUARTER_MS;
    const isDay = table === 'TrafficDay';
    const add = db.prepare(
      `${NUMBERS} INSERT INTO "${table}" ("userId", "start", ${isDay ? '"end", ' : ''}"rx", "tx")
       SELECT @userId, @from + (i - 1) * @width, ${isDay ? '@from + i * @width, ' : ''}
         @width * 1000000, @width * 9000000 FROM n`,
    );
    const count = (untilMs - fromMs) / QUARTER_MS / width;
    for (let userId = 0; userId <= active; userId++) add.run({ userId, from, width, count });
  }
}

process.on('message', (order) => process.send(fill(order)));
