import { stat } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PrismaClient } from '../../../src/generated/prisma/client.ts';
import { sqliteAdapter } from '../../../src/store/database/adapter.ts';
import { openDatabase } from '../../../src/store/database/open.ts';
import { pendingMigration } from '../../../src/store/migration/schema-engine.ts';
import { deferred, temporaryDatabase, temporaryDatabaseUrl } from '../../fixtures/test-store.ts';

const meta = (key: string, value = '') => ({ data: { key, value } });

describe('the migrations', () => {
  it('build what the schema declares', async () => {
    expect(await pendingMigration(sqliteAdapter(await temporaryDatabaseUrl()))).toBeNull();
  });
});

describe('opening the database', () => {
  it('creates a file and folders that only the owner can read', async () => {
    const url = (await temporaryDatabaseUrl()).replace('wgql.db', 'deep/down/wgql.db');
    const db = await openDatabase(url);
    onTestFinished(() => db.$disconnect());
    const path = url.replace('file:', '');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(path.replace('/wgql.db', ''))).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['busy_timeout', 500],
  ])('sets %s to %s', async (pragma, expected) => {
    const db = await temporaryDatabase();
    const [row] = await db.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${pragma}`);
    const value = Object.values(row ?? {})[0];
    expect(typeof value === 'bigint' ? Number(value) : value).toBe(expected);
  });

  it('reports what to fix if the path cannot be used', async () => {
    const url = await temporaryDatabaseUrl();
    await (await openDatabase(url)).$disconnect();
    for (const place of [`${url}/below-a-file.db`, url.replace('/wgql.db', '')]) {
      await expect(openDatabase(place)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        text: { en: expect.stringContaining('WGQL_DATABASE_URL') },
      });
    }
  });
});

describe('a transaction', () => {
  it('that reads before it writes is not rejected because another process wrote', async () => {
    const url = await temporaryDatabaseUrl();
    const [db, other] = [await openDatabase(url), await openDatabase(url)];
    onTestFinished(async () => void (await Promise.all([db.$disconnect(), other.$disconnect()])));
    const hasRead = deferred();
    const mayWrite = deferred();
    const writing = db.$transaction(async (tx) => {
      await tx.meta.findMany();
      hasRead.resolve();
      await mayWrite.promise;
      await tx.meta.create(meta('after reading'));
    });
    await hasRead.promise;
    // It waits for its turn, here in vain, since it waits on the one thread there is.
    await expect(other.meta.create(meta('between'))).rejects.toThrow();
    mayWrite.resolve();
    await writing;
    await other.meta.create(meta('then'));
    expect(await db.meta.count()).toBe(2);
  });

  it('that cannot begin does not block the next one', async () => {
    const url = await temporaryDatabaseUrl();
    const [db, other] = [await openDatabase(url), await openDatabase(url)];
    onTestFinished(async () => void (await Promise.all([db.$disconnect(), other.$disconnect()])));
    const begun = deferred();
    const mayEnd = deferred();
    const holding = db.$transaction(async () => {
      begun.resolve();
      await mayEnd.promise;
    });
    await begun.promise;
    const write = () => other.$transaction((tx) => tx.meta.create(meta('late')));
    await expect(write()).rejects.toThrow();
    mayEnd.resolve();
    await holding;
    await write();
    expect(await db.meta.count()).toBe(1);
  });

  it('neither includes other statements nor shows them its rows', async () => {
    const db = await temporaryDatabase();
    const begun = deferred();
    const mayEnd = deferred();
    const failing = db.$transaction(async (tx) => {
      await tx.meta.create(meta('inside'));
      begun.resolve();
      await mayEnd.promise;
      throw new Error('Undo.');
    });
    await begun.promise;
    const write = db.meta.create(meta('beside'));
    const read = db.meta.findMany({ where: { key: 'inside' } });
    mayEnd.resolve();
    await expect(failing).rejects.toThrow('Undo.');
    await write;
    expect(await read).toEqual([]);
    expect((await db.meta.findMany()).map(({ key }) => key)).toEqual(['beside']);
  });

  it('is seen completely by a read that was issued while it was open', async () => {
    const db = await temporaryDatabase();
    const begun = deferred();
    const mayEnd = deferred();
    const writing = db.$transaction(async (tx) => {
      await tx.meta.create(meta('one'));
      begun.resolve();
      await mayEnd.promise;
      await tx.meta.create(meta('two'));
    });
    await begun.promise;
    const read = db.meta.count();
    mayEnd.resolve();
    await writing;
    expect(await read).toBe(2);
  });

  it('runs after those that were requested before it, one at a time', async () => {
    const db = await temporaryDatabase();
    const order: string[] = [];
    let open = 0;
    const run = (name: string) =>
      db.$transaction(async (tx) => {
        expect(++open).toBe(1);
        order.push(name);
        await tx.meta.create(meta(name));
        await tx.meta.count();
        open--;
      });
    await Promise.all(['a', 'b', 'c', 'd'].map(run));
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(await db.meta.count()).toBe(4);
  });

  it('that fails in a statement releases waiting ones', async () => {
    const db = await temporaryDatabase();
    const failing = db.$transaction(async (tx) => {
      await tx.meta.create(meta('twice'));
      await tx.meta.create(meta('twice'));
    });
    const next = db.$transaction((tx) => tx.meta.create(meta('next')));
    await expect(failing).rejects.toThrow();
    await next;
    expect((await db.meta.findMany()).map(({ key }) => key)).toEqual(['next']);
  });

  it('that fails in its commit is rolled back and releases waiting ones', async () => {
    const db = await temporaryDatabase();
    await db.$executeRawUnsafe(
      `CREATE TABLE "late" ("id" TEXT REFERENCES "Meta" ("key") DEFERRABLE INITIALLY DEFERRED)`,
    );
    const failing = db.$transaction(async (tx) => {
      await tx.meta.create(meta('lost'));
      await tx.$executeRawUnsafe(`INSERT INTO "late" VALUES ('nowhere')`);
    });
    await expect(failing).rejects.toThrow();
    expect(await db.meta.count()).toBe(0);
    await db.$transaction((tx) => tx.meta.create(meta('next')));
    expect(await db.meta.count()).toBe(1);
  });

  it('that times out releases waiting ones', async () => {
    const db = await temporaryDatabase();
    const begun = deferred();
    const mayEnd = deferred();
    const slow = db.$transaction(
      async (tx) => {
        await tx.meta.create(meta('slow'));
        begun.resolve();
        await mayEnd.promise;
        await tx.meta.create(meta('slower'));
      },
      { timeout: 50 },
    );
    await begun.promise;
    expect(await db.meta.count()).toBe(0);
    mayEnd.resolve();
    await expect(slow).rejects.toThrow();
    await db.$transaction((tx) => tx.meta.create(meta('next')));
    expect((await db.meta.findMany()).map(({ key }) => key)).toEqual(['next']);
  });

  it('that stopped waiting does not delay later ones', async () => {
    const url = await temporaryDatabaseUrl();
    await (await openDatabase(url)).$disconnect();
    const db = new PrismaClient({ adapter: sqliteAdapter(url) });
    onTestFinished(() => db.$disconnect());
    const begun = deferred();
    const mayEnd = deferred();
    const first = db.$transaction(async (tx) => {
      await tx.meta.create(meta('first'));
      begun.resolve();
      await mayEnd.promise;
    });
    await begun.promise;
    const impatient = db.$transaction((tx) => tx.meta.create(meta('impatient')), { maxWait: 20 });
    const refusal = expect(impatient).rejects.toThrow();
    const next = db.meta.create(meta('next'));
    const timer = setTimeout(mayEnd.resolve, 60);
    await refusal;
    clearTimeout(timer);
    mayEnd.resolve();
    await first;
    await next;
    expect((await db.meta.findMany()).map(({ key }) => key).sort()).toEqual(['first', 'next']);
  }, 5_000);
});
