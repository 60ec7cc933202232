import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databasePath } from '../../../src/config/database-url.ts';
import { createUserChanges } from '../../../src/store/current/changed-users.ts';
import { type Database, prismaClientOf } from '../../../src/store/database/open.ts';
import { policyLoader } from '../../../src/store/enforcement/policy-loader.ts';
import { writeMigratedDatabase } from '../../fixtures/migrated-database.ts';
import { temporaryDatabaseUrl } from '../../fixtures/test-store.ts';

const AT = new Date(1_768_478_400_123);
const REQUIRED = { quotaMarkAt: AT, createdAt: AT, updatedAt: AT };
const PEER = { interface: 'wg0', rx: 0n, tx: 0n, handshake: 0n };

async function opened() {
  const url = await temporaryDatabaseUrl();
  const path = databasePath(url);
  await writeMigratedDatabase(path);
  const changes = createUserChanges();
  const db = prismaClientOf(url, { onConnect: changes.watch, afterCommit: changes.committed });
  onTestFinished(() => db.$disconnect());
  return { db, changes, path, load: policyLoader(db, changes.feed()) };
}

/** Every kind of write that changes a policy, ends one or begins one; numbers choose the user. */
const WRITES: Readonly<Record<string, (db: Database, id: number) => Promise<unknown>>> = {
  move: (db, id) =>
    db.$direct((tx) =>
      tx.each(`UPDATE "User" SET "rx" = "rx" + 5, "tx" = "tx" + 1 WHERE "id" = ?`, [id], (one) => [
        one,
      ]),
    ),
  disable: (db, id) => db.user.updateMany({ where: { id }, data: { enabled: false } }),
  enable: (db, id) => db.user.updateMany({ where: { id }, data: { enabled: true } }),
  limit: (db, id) => db.user.updateMany({ where: { id }, data: { dataLimit: 7 } }),
  unlimit: (db, id) => db.user.updateMany({ where: { id }, data: { dataLimit: 0 } }),
  giveKey: (db, id) =>
    db.user.updateMany({ where: { id }, data: { presharedKey: `sealed ${id}` } }),
  manage: (db, id) => db.user.updateMany({ where: { id }, data: { managed: true } }),
  create: (db, id) =>
    db.user.create({
      data: { publicKey: `new ${id} ${Math.random()}`, dataLimit: 3, ...REQUIRED },
    }),
  delete: (db, id) => db.user.deleteMany({ where: { id } }),
  removePeer: (db, id) =>
    db.peer.updateMany({ where: { publicKey: `user ${id}` }, data: { removedByUs: true } }),
  restorePeer: (db, id) =>
    db.peer.updateMany({ where: { publicKey: `user ${id}` }, data: { removedByUs: false } }),
  rollBack: async (db, id) => {
    const change = db.$transaction(async (tx) => {
      await tx.user.updateMany({ where: { id }, data: { managed: true, dataLimit: 9 } });
      throw new Error('rolled back');
    });
    await expect(change).rejects.toThrow('rolled back');
  },
};

describe('the policies in memory', () => {
  it('are those of the database after any sequence of writes', async () => {
    const { db, changes, load } = await opened();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.constantFrom(...Object.keys(WRITES)), fc.integer({ min: 1, max: 6 })),
          {
            maxLength: 12,
          },
        ),
        async (writes) => {
          await db.user.deleteMany();
          await db.peer.deleteMany();
          for (let id = 1; id <= 6; id++) {
            const publicKey = `user ${id}`;
            await db.user.create({ data: { id, publicKey, managed: id % 2 === 0, ...REQUIRED } });
            await db.peer.create({ data: { ...PEER, publicKey } });
          }
          for (const [name, id] of writes) {
            await WRITES[name]?.(db, id);
            const fresh = policyLoader(db, changes.feed());
            expect(await load()).toEqual(await fresh());
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are read again after another program has written', async () => {
    const { db, path, load } = await opened();
    await db.user.create({ data: { id: 1, publicKey: 'a', managed: true, ...REQUIRED } });
    expect(await load()).toMatchObject([{ enabled: true }]);
    const other = new SQLite(path);
    other.exec(`UPDATE "User" SET "enabled" = 0`);
    other.close();
    await db.meta.create({ data: { key: 'any', value: 'commit' } });
    expect(await load()).toMatchObject([{ enabled: false }]);
  });

  it('are not lost when they could not be read', async () => {
    const { db, load } = await opened();
    await db.user.create({ data: { id: 1, publicKey: 'a', managed: true, ...REQUIRED } });
    await load();
    await db.user.update({ where: { id: 1 }, data: { enabled: false } });
    const { $read } = db;
    db.$read = () => Promise.reject(new Error('unreadable'));
    await expect(load()).rejects.toThrow('unreadable');
    db.$read = $read;
    expect(await load()).toMatchObject([{ enabled: false }]);
  });

  it('are read one user at a time', async () => {
    const { db, load } = await opened();
    for (let id = 1; id <= 20; id++) {
      await db.user.create({ data: { id, publicKey: `k${id}`, managed: true, ...REQUIRED } });
    }
    const before = await load();
    await db.user.update({ where: { id: 7 }, data: { enabled: false } });
    const after = await load();
    const changed = after.filter((policy, index) => policy !== before[index]);
    expect(changed.map(({ userId }) => userId)).toEqual([7]);
  });
});
