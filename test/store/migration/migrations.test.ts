import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/store/database/open.ts';
import { bringUpToDate } from '../../../src/store/migration/bring-up-to-date.ts';
import { CREATE_HISTORY } from '../../../src/store/migration/history.ts';
import { statementsOf } from '../../../src/store/migration/interrupted.ts';
import { migrate } from '../../../src/store/migration/migrate.ts';
import {
  checksumOf,
  type Migration,
  readMigrations,
} from '../../../src/store/migration/migrations.ts';
import { temporaryDatabaseUrl } from '../../fixtures/test-store.ts';
import { waitFor } from '../../fixtures/tunnel.ts';

const migrations = await readMigrations();

const COUNTING = '0010_counts_by_day';

/** Those of version 0.1.0, which applied them statement by statement. */
const of010 = migrations.filter(({ name }) => name < '0007');

async function emptyFile(): Promise<{ readonly path: string; readonly url: string }> {
  const url = await temporaryDatabaseUrl();
  const path = url.replace('file:', '');
  await writeFile(path, '');
  return { path, url };
}

function reading<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

const schemaOf = (path: string) =>
  reading(path, (db) =>
    db.prepare('SELECT "type", "name", "sql" FROM sqlite_master ORDER BY "name"').all(),
  );

const historyOf = (path: string) =>
  reading(path, (db) =>
    db.prepare('SELECT * FROM "_prisma_migrations" ORDER BY "migration_name"').all(),
  ) as Record<string, unknown>[];

const MIGRATE = fileURLToPath(new URL('../../../src/store/migration/migrate.ts', import.meta.url));

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Rows that every version has a place for. */
const ROWS = `
  INSERT INTO "User" ("id", "publicKey", "presharedKey", "quotaMarkAt", "createdAt", "updatedAt",
    "rx", "tx") VALUES (1, 'key', 'sealed', 1, 1, 1, 5000000000000, 7);
  INSERT INTO "Session" ("id", "userId", "startedAt", "lastSeenAt", "rx") VALUES (3, 1, 1, 2, 40);
  UPDATE "User" SET "latestSessionId" = 3;
  INSERT INTO "Counter" ("interface", "publicKey", "rx", "tx", "handshake")
    VALUES ('wg0', 'key', 11, 12, 1);
  INSERT INTO "Traffic" ("userId", "start", "end", "bucket", "rx", "tx")
    VALUES (1, 0, 900000, 'QUARTER_HOUR', 5000000000000, 7);
  INSERT INTO "Token" ("name", "role", "hash", "createdAt") VALUES ('ops', 'admin', 'h', 1);
`;

const ROWS_KEPT = `
  SELECT u."rx", u."tx", u."latestSessionId", s."rx" AS "sessionRx", c."presharedKey" AS "key",
    t."rx" AS "trafficRx", k."name", k."createdBy"
  FROM "User" AS u, "Session" AS s, "Peer" AS c, "OldTraffic" AS t, "Token" AS k`;

/** A database as version 0.1.0 left it when it was killed after some statements of a migration. */
function interruptedAt(path: string, index: number, statements: number): void {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  migrate(path, of010.slice(0, index));
  if (index > 0) db.exec(ROWS);
  const { name, sql } = of010[index] as Migration;
  db.exec(CREATE_HISTORY);
  db.prepare(
    `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at")
     VALUES ('x', 'c', ?, 1)`,
  ).run(name);
  for (const statement of statementsOf(sql).slice(0, statements)) db.exec(statement);
  db.close();
}

describe('the migrations', () => {
  it('are applied once', async () => {
    const { path } = await emptyFile();
    expect(migrate(path, migrations)).toEqual(migrations.map(({ name }) => name));
    expect(migrate(path, migrations)).toEqual([]);
  });

  it('are recorded as by Prisma', async () => {
    const { path } = await emptyFile();
    migrate(path, migrations);
    expect(historyOf(path)).toEqual(
      migrations.map((migration) => ({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        checksum: checksumOf(migration),
        finished_at: expect.closeTo(Date.now(), -5),
        migration_name: migration.name,
        logs: null,
        rolled_back_at: null,
        started_at: expect.closeTo(Date.now(), -5),
        applied_steps_count: 1,
      })),
    );
  });

  it('of one update are applied together or not at all', async () => {
    const { path } = await emptyFile();
    migrate(path, of010);
    const before = [schemaOf(path), historyOf(path)];
    const update = [
      ...of010,
      { name: '9001_more', sql: 'CREATE TABLE "More" ("id" INTEGER);' },
      { name: '9002_wrong', sql: 'CREATE TABLE "Again" ("id" INTEGER); SELECT * FROM "Nowhere";' },
    ];
    expect(() => migrate(path, update)).toThrow('The migration 9002_wrong failed.');
    expect([schemaOf(path), historyOf(path)]).toEqual(before);
    expect(migrate(path, update.slice(0, -1))).toEqual(['9001_more']);
  });

  it('count the sessions and events that are there already', async () => {
    const { path } = await emptyFile();
    migrate(
      path,
      migrations.slice(
        0,
        migrations.findIndex(({ name }) => name === COUNTING),
      ),
    );
    const day = (days: number) => days * 86_400_000;
    reading(path, (db) =>
      db.exec(`
        INSERT INTO "User" ("id", "publicKey", "quotaMarkAt", "createdAt", "updatedAt")
          VALUES (1, 'key', 1, 1, 1);
        INSERT INTO "Session" ("userId", "startedAt", "lastSeenAt", "endedAt")
          VALUES (1, 1, 1, 2), (1, 1, 1, ${day(1) + 3}), (1, ${day(2)}, 1, NULL);
        INSERT INTO "Event" ("type", "at") VALUES ('A', 1), ('A', 2), ('B', 3), ('A', ${day(1)})`),
    );
    migrate(path, migrations);
    reading(path, (db) => {
      const rows = (sql: string) => db.prepare(sql).raw().all();
      expect(rows('SELECT * FROM "SessionDay"')).toEqual([
        [0, 2, 0, day(1) + 3, 1],
        [1, 0, 0, 0, 1],
        [2, 1, 1, 0, 0],
      ]);
      expect(rows('SELECT * FROM "EventDay" ORDER BY "type", "day"')).toEqual([
        ['A', 0, 2, 1, 2],
        ['A', 1, 1, 4, 4],
        ['B', 0, 1, 3, 3],
      ]);
    });
  });

  it('that rebuild a table keep references to it', async () => {
    const { path } = await emptyFile();
    migrate(path, of010);
    reading(path, (db) => db.exec(ROWS));
    const columns = reading(path, (db) =>
      db.prepare(`SELECT "sql" FROM sqlite_master WHERE "name" = 'User'`).pluck().get(),
    ) as string;
    const rebuild = `PRAGMA foreign_keys=OFF;
      ${columns.replace('"User"', '"new_User"')};
      INSERT INTO "new_User" SELECT * FROM "User";
      DROP TABLE "User";
      ALTER TABLE "new_User" RENAME TO "User";
      PRAGMA foreign_keys=ON;`;
    migrate(path, [...of010, { name: '9001_rebuild', sql: rebuild }]);
    expect(
      reading(path, (db) => [
        db.prepare('SELECT "userId" FROM "Session"').pluck().get(),
        db.pragma('foreign_key_check'),
      ]),
    ).toEqual([1, []]);
  });
});

describe('an update that is killed', () => {
  it('leaves the database as it was, and is applied by the next start', async () => {
    const { path } = await emptyFile();
    migrate(path, of010);
    const before = [schemaOf(path), historyOf(path)];
    const rows = (count: number) => `CREATE TABLE "Many" AS WITH RECURSIVE r(i) AS
      (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < ${count}) SELECT i, randomblob(100) FROM r;`;
    const update = (count: number) => [
      ...of010,
      { name: '9001_more', sql: 'CREATE TABLE "More" ("id" INTEGER);' },
      { name: '9002_many', sql: rows(count) },
    ];
    const child = spawn(process.execPath, [
      '--import=tsx',
      '--input-type=module',
      '--eval',
      `import { migrate } from ${JSON.stringify(MIGRATE)};
       migrate(${JSON.stringify(path)}, ${JSON.stringify(update(1_000_000_000))});`,
    ]);
    const ended = once(child, 'exit');
    onTestFinished(() => void child.kill('SIGKILL'));
    await waitFor('writes of the update', async () => sizeOf(`${path}-wal`) > 1_000_000);
    child.kill('SIGKILL');
    await ended;
    expect([schemaOf(path), historyOf(path)]).toEqual(before);
    expect(migrate(path, update(1))).toEqual(['9001_more', '9002_many']);
  });
});

describe('a database that version 0.1.0 left', () => {
  it('opens with all its data, and its history is unchanged', async () => {
    const { path, url } = await emptyFile();
    migrate(path, of010);
    reading(path, (db) => db.exec(ROWS));
    const history = historyOf(path);
    await (await openDatabase(url)).$disconnect();
    expect(historyOf(path).slice(0, of010.length)).toEqual(history);
    expect(reading(path, (db) => db.prepare(ROWS_KEPT).all())).toEqual([
      {
        rx: 5_000_000_000_000,
        tx: 7,
        latestSessionId: 3,
        sessionRx: 40,
        key: null,
        trafficRx: 5_000_000_000_000,
        name: 'ops',
        createdBy: 'cli',
      },
    ]);
  });

  const breaks = of010.flatMap(({ name, sql }, index) =>
    Array.from({ length: statementsOf(sql).length + 1 }, (_, statements) => ({
      name,
      index,
      statements,
    })),
  );
  it.each(breaks)(
    'in the middle of $name, after $statements statements, is brought up to date',
    async ({ name, index, statements }) => {
      const [whole, half] = [await emptyFile(), await emptyFile()];
      migrate(whole.path, migrations);
      interruptedAt(half.path, index, statements);
      await (await openDatabase(half.url)).$disconnect();
      expect(schemaOf(half.path)).toEqual(schemaOf(whole.path));
      expect(historyOf(half.path)).toMatchObject(
        migrations.map((migration) => ({
          migration_name: migration.name,
          checksum: checksumOf(migration),
          finished_at: expect.any(Number),
        })),
      );
      expect(existsSync(`${half.path}.${name}.backup`)).toBe(false);
      if (index === 0) return;
      expect(reading(half.path, (db) => db.prepare(ROWS_KEPT).all())).toMatchObject([
        { rx: 5_000_000_000_000, key: index < 4 ? 'sealed' : null, name: 'ops', createdBy: 'cli' },
      ]);
    },
  );

  it('in a state that no migration produces is not changed, and the error names the copy', async () => {
    const { path } = await emptyFile();
    interruptedAt(path, 3, 0);
    reading(path, (db) => db.exec('DROP TABLE "Meta"'));
    await writeFile(`${path}.0003_tokens.backup`, '');
    const before = [schemaOf(path), historyOf(path)];
    await expect(bringUpToDate(path, migrations)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      text: {
        en: expect.stringMatching(/0004_keys_by_interface.*wgql\.db\.0003_tokens\.backup/),
        zh: expect.stringMatching(/0004_keys_by_interface.*wgql\.db\.0003_tokens\.backup/),
      },
    });
    expect([schemaOf(path), historyOf(path)]).toEqual(before);
  });
});

describe('an update that fails', () => {
  it('reports the migration and the copy that was made before', async () => {
    const { path } = await emptyFile();
    migrate(path, of010);
    const wrong = { name: '9001_wrong', sql: 'INSERT INTO "Nowhere" VALUES (1);' };
    const copy = `${path}.${of010.at(-1)?.name}.backup`;
    onTestFinished(() => expect(existsSync(copy)).toBe(true));
    await expect(bringUpToDate(path, [...of010, wrong])).rejects.toMatchObject({
      text: { en: expect.stringContaining('9001_wrong'), zh: expect.stringContaining(copy) },
    });
  });
});
