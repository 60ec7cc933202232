import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databasePath } from '../../../src/config/database-url.ts';
import { createUserChanges } from '../../../src/store/current/changed-users.ts';
import { currentUsers } from '../../../src/store/current/users.ts';
import { type Database, prismaClientOf } from '../../../src/store/database/open.ts';
import { snapshotsOf } from '../../../src/store/database/snapshots.ts';
import { writeMigratedDatabase } from '../../fixtures/migrated-database.ts';
import { temporaryDatabaseUrl } from '../../fixtures/test-store.ts';

const MAX = 2n ** 63n - 1n;
const AT = new Date(1_768_478_400_123);
const REQUIRED = { quotaMarkAt: AT, createdAt: AT, updatedAt: AT };

async function opened() {
  const url = await temporaryDatabaseUrl();
  await writeMigratedDatabase(databasePath(url));
  const changes = createUserChanges();
  const db = prismaClientOf(url, { onConnect: changes.watch, afterCommit: changes.committed });
  onTestFinished(() => db.$disconnect());
  const reads = { count: 0 };
  const snapshots = snapshotsOf(databasePath(url), {
    requireInPlace: () => {
      reads.count++;
    },
    noteDamage: () => {},
  });
  return { db, current: currentUsers(snapshots, changes), path: databasePath(url), reads };
}

const rows = (db: Database) =>
  db.user.findMany({
    orderBy: { id: 'asc' },
    omit: { presharedKey: true, quarter: true, quarterRx: true, quarterTx: true },
  });

describe('the users in memory', () => {
  it('are the rows that Prisma reads, column for column, without secrets', async () => {
    const { db, current } = await opened();
    await db.user.create({ data: { publicKey: 'bare', ...REQUIRED } });
    const full = await db.user.create({
      data: {
        ...REQUIRED,
        publicKey: 'full "quoted" \u{1F600}\n\u0000',
        nickname: '张三',
        persistentKeepaliveSeconds: 25,
        managed: true,
        presharedKey: 'sealed',
        registeredAt: AT,
        enabled: false,
        online: true,
        allowedIps: '10.0.0.2/32,fd00::2/128',
        expiresAt: new Date(-1),
        rx: MAX,
        tx: MAX - 1n,
        offsetRx: 2n ** 53n + 1n,
        enforcementError: '{"en":"x"}',
        sessions: { create: { startedAt: AT, lastSeenAt: AT } },
      },
      include: { sessions: true },
    });
    const latestSessionId = full.sessions[0]?.id ?? null;
    await db.user.update({ where: { id: full.id }, data: { latestSessionId } });
    const { users } = await current.view();
    expect(users.map(({ user }) => user)).toEqual(await rows(db));
    expect(users.map(({ lastLoginAt }) => lastLoginAt)).toEqual([null, AT]);
  });

  it('are read again in part, and stay the same object while nothing changes', async () => {
    const { db, current } = await opened();
    for (const publicKey of ['a', 'b', 'c'])
      await db.user.create({ data: { publicKey, ...REQUIRED } });
    const before = await current.view();
    expect(await current.view()).toBe(before);

    await db.$executeRaw`UPDATE "User" SET "rx" = "rx" + 5, "lastSeenAt" = 7 WHERE "publicKey" = 'b'`;
    const moved = await current.view();
    expect(moved.users.map(({ user }) => user)).toEqual(await rows(db));
    expect([moved.users[0], moved.users[2]]).toEqual([before.users[0], before.users[2]]);
    expect(moved.users[0]).toBe(before.users[0]);
    expect(moved.users[1]?.steady).toBe(before.users[1]?.steady);
    expect(before.users[1]?.user.rx).toBe(0n);

    await db.user.update({ where: { publicKey: 'b' }, data: { nickname: 'B', rx: 9 } });
    const renamed = await current.view();
    expect(renamed.users[1]?.steady).not.toBe(moved.users[1]?.steady);
    expect(renamed.findByKey('b')?.user).toMatchObject({ nickname: 'B', rx: 9n });

    await db.user.delete({ where: { publicKey: 'a' } });
    const fewer = await current.view();
    expect(fewer.users.map(({ user }) => user)).toEqual(await rows(db));
    expect(fewer.findByKey('a')).toBeNull();
  });

  it('include the start of the latest session, also after it was moved', async () => {
    const { db, current } = await opened();
    const { id } = await db.user.create({ data: { publicKey: 'a', ...REQUIRED } });
    const session = await db.session.create({
      data: { userId: id, startedAt: AT, lastSeenAt: AT },
    });
    await db.user.update({ where: { id }, data: { latestSessionId: session.id } });
    expect((await current.view()).find(id)?.lastLoginAt).toEqual(AT);
    await db.session.update({ where: { id: session.id }, data: { startedAt: new Date(5) } });
    expect((await current.view()).find(id)?.lastLoginAt).toEqual(new Date(5));
  });

  it('do not contain what was rolled back', async () => {
    const { db, current } = await opened();
    await db.user.create({ data: { publicKey: 'a', ...REQUIRED } });
    const before = await current.view();
    const failing = db.$transaction(async (tx) => {
      await tx.user.update({ where: { publicKey: 'a' }, data: { nickname: 'never' } });
      await tx.user.create({ data: { publicKey: 'b', ...REQUIRED } });
      throw new Error('Enough.');
    });
    await expect(failing).rejects.toThrow('Enough.');
    expect(await current.view()).toBe(before);
    await db.user.update({ where: { publicKey: 'a' }, data: { note: 'written' } });
    expect((await current.view()).users.map(({ user }) => user)).toEqual(await rows(db));
  });

  it('include what a transaction wrote before they were read in the middle of it', async () => {
    const { db, current } = await opened();
    for (const publicKey of ['a', 'b']) await db.user.create({ data: { publicKey, ...REQUIRED } });
    await current.view();
    await db.user.update({ where: { publicKey: 'a' }, data: { nickname: 'A' } });
    await db.$direct(async (tx) => {
      await tx.$executeRawUnsafe(`UPDATE "User" SET "nickname" = 'B' WHERE "publicKey" = 'b'`);
      expect((await current.view()).findByKey('b')?.user.nickname).toBe('');
    });
    expect((await current.view()).users.map(({ user }) => user)).toEqual(await rows(db));
  });

  it('include what another process has written, after the next commit', async () => {
    const { db, current, path } = await opened();
    await db.user.create({ data: { publicKey: 'a', ...REQUIRED } });
    await current.view();
    const other = new SQLite(path);
    other.exec(`UPDATE "User" SET "nickname" = 'shell'`);
    other.close();
    await db.meta.create({ data: { key: 'any', value: '' } });
    expect((await current.view()).findByKey('a')?.user.nickname).toBe('shell');
  });

  it('are of one commit, although a large list is read in parts', async () => {
    const { db, current } = await opened();
    const count = 2_500;
    await db.user.createMany({
      data: Array.from({ length: count }, (_, index) => ({ publicKey: `${index}`, ...REQUIRED })),
    });
    await current.view();
    await db.$executeRaw`UPDATE "User" SET "rx" = 1`;
    const reading = current.view();
    await db.$executeRaw`UPDATE "User" SET "rx" = 2`;
    const sums = [await reading, await current.view()].map(({ users }) =>
      users.reduce((sum, { user }) => sum + user.rx, 0n),
    );
    expect(sums).toEqual([BigInt(count), 2n * BigInt(count)]);
  });

  it('are read after a commit if they were asked for since the one before', async () => {
    const { db, current, reads } = await opened();
    const commit = async () => {
      await db.user.create({ data: { publicKey: `key ${Math.random()}`, ...REQUIRED } });
      current.readAhead();
      await new Promise((resolve) => setImmediate(resolve));
    };
    await commit();
    expect(reads.count).toBe(0);
    await current.view();
    await commit();
    expect(reads.count).toBe(2);
    expect((await current.view()).users).toHaveLength(2);
    expect(reads.count).toBe(2);
    await commit();
    await commit();
    expect(reads.count).toBe(3);
  });
});
