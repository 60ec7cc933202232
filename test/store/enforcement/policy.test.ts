import { describe, expect, it } from 'vitest';
import type { PolicyUpdate } from '../../../src/domain/enforcement/plan.ts';
import { createUserChanges } from '../../../src/store/current/changed-users.ts';
import type { Database } from '../../../src/store/database/open.ts';
import { policyStore } from '../../../src/store/enforcement/policy.ts';
import type { EventRecord } from '../../../src/store/records.ts';
import { NOON_MS, seenDuring, temporaryDatabase } from '../../fixtures/test-store.ts';

const AT = new Date(NOON_MS);
const REQUIRED = { quotaMarkAt: AT, createdAt: AT, updatedAt: AT };

function policiesOf(db: Database) {
  const logged: EventRecord[] = [];
  const erased: string[] = [];
  const policies = policyStore(db, {
    secrets: { seal: (text) => text, open: (text) => text, problem: null },
    onLogged: (events) => logged.push(...events),
    changes: createUserChanges().feed(),
    forget: (keys) => erased.push(...keys),
  });
  return { policies, logged, erased };
}

function update(userId: number, set: PolicyUpdate['set']): PolicyUpdate {
  return { userId, set, removedFrom: [], restoredTo: [], events: [] };
}

describe('a plan made before an administrator requested another change', () => {
  it.each(['DISABLED', 'EXPIRED', null] as const)('reverts no deletion (%s)', async (cutReason) => {
    const db = await temporaryDatabase();
    const { policies } = policiesOf(db);
    const { id } = await db.user.create({
      data: { publicKey: 'alice', cutReason: 'DELETED', ...REQUIRED },
    });
    await policies.commit([update(id, { cutReason, applied: 'PENDING' })], [], AT);
    expect(await db.user.findFirst()).toMatchObject({ cutReason: 'DELETED', applied: 'PENDING' });
  });

  it('keeps the addresses that were assigned, and continues with them', async () => {
    const db = await temporaryDatabase();
    const { policies } = policiesOf(db);
    const { id } = await db.user.create({
      data: { publicKey: 'alice', allowedIps: '10.8.0.7/32,fd08::7/128', ...REQUIRED },
    });
    const answered = await policies.allocate(id, 'wg0', ['10.8.0.1/24']);
    expect(answered).toEqual(['10.8.0.7/32', 'fd08::7/128']);
    expect(await db.user.findFirst()).toMatchObject({ allowedIps: '10.8.0.7/32,fd08::7/128' });
  });

  it('moves no user from the assigned interface', async () => {
    const db = await temporaryDatabase();
    const { policies } = policiesOf(db);
    const { id } = await db.user.create({
      data: { publicKey: 'alice', interface: 'wg1', ...REQUIRED },
    });
    await policies.commit([update(id, { interface: 'wg0' })], [], AT);
    expect(await db.user.findFirst()).toMatchObject({ interface: 'wg1' });
  });

  it('erases no user whose deletion was reverted, and reports none', async () => {
    const db = await temporaryDatabase();
    const { policies, logged, erased } = policiesOf(db);
    await db.user.create({
      data: { publicKey: 'alice', cutReason: 'DELETED', endpoint: '192.0.2.1:1', ...REQUIRED },
    });
    await db.peer.create({
      data: {
        interface: 'wg0',
        publicKey: 'alice',
        rx: 1n,
        tx: 1n,
        handshake: 0n,
        endpoint: '192.0.2.1:1',
      },
    });
    const doomed = await policies.load();
    await db.user.updateMany({ data: { cutReason: null } });
    await policies.erase(doomed, AT);
    expect(doomed).toHaveLength(1);
    expect(await db.peer.findFirst()).toMatchObject({ endpoint: '192.0.2.1:1' });
    expect(await db.user.count()).toBe(1);
    expect([logged, erased]).toEqual([[], []]);
  });
});

describe('erasing a user with a long history', () => {
  it('is done in parts, between which other transactions run', async () => {
    const db = await temporaryDatabase();
    const { policies, erased } = policiesOf(db);
    const create = (publicKey: string, cutReason: string | null) =>
      db.user.create({ data: { publicKey, cutReason, ...REQUIRED } });
    const { id: userId } = await create('alice', 'DELETED');
    const other = await create('bob', null);
    const count = 2_500;
    const session = { startedAt: AT, lastSeenAt: AT, endedAt: AT };
    const event = { type: 'USER_ONLINE', at: AT, endpoint: '192.0.2.1:1' };
    await db.session.createMany({
      data: Array.from({ length: count }, () => ({ userId, ...session })),
    });
    await db.event.createMany({
      data: Array.from({ length: count }, () => ({ userId, ...event })),
    });
    await db.session.create({ data: { userId: other.id, ...session } });
    await db.event.create({ data: { userId: other.id, ...event } });

    const doomed = (await policies.load()).filter(({ publicKey }) => publicKey === 'alice');
    const seen = await seenDuring(policies.erase(doomed, AT), async () => ({
      sessions: await db.session.count(),
      endpoints: await db.event.count({ where: { endpoint: { not: null } } }),
      users: await db.user.count(),
    }));
    expect(seen.at(-1)).toEqual({ sessions: 1, endpoints: 1, users: 1 });
    expect(erased).toEqual(['alice']);
    expect(await db.event.count({ where: { userId } })).toBe(count + 1);
    for (const part of ['sessions', 'endpoints'] as const) {
      const partly = seen.filter((rows) => 1 < rows[part] && rows[part] <= count);
      expect(partly).not.toEqual([]);
      // Were it cut short here, the next poll would find the user and go on.
      expect(partly.every(({ users }) => users === 2)).toBe(true);
    }
  });

  it('leaves the rest of many users for later polls, because every other user waits for each', async () => {
    const db = await temporaryDatabase();
    const { policies, erased } = policiesOf(db);
    const names = ['alice', 'bob', 'carol'];
    for (const publicKey of names) {
      const { id } = await db.user.create({
        data: { publicKey, cutReason: 'DELETED', ...REQUIRED },
      });
      await db.$executeRaw`
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
        INSERT INTO "Session" ("userId", "startedAt", "lastSeenAt") SELECT ${id}, 0, 0 FROM n`;
      await db.$executeRaw`
        INSERT INTO "Event" ("type", "at", "userId", "endpoint")
        SELECT 'USER_ONLINE', 0, "userId", '192.0.2.1:1' FROM "Session" WHERE "userId" = ${id}`;
    }
    const left = async () => {
      await policies.erase(await policies.load(), AT);
      const endpoints = await db.event.count({ where: { endpoint: { not: null } } });
      return [await db.session.count(), endpoints, erased.length];
    };
    expect(await left()).toEqual([6_000, 8_000, 1]);
    expect(await left()).toEqual([0, 4_000, 2]);
    expect(await left()).toEqual([0, 0, 3]);
    expect(erased).toEqual(names);
    expect(await db.user.count()).toBe(0);
  });

  it('changes no record again that an earlier poll has erased', async () => {
    const db = await temporaryDatabase();
    const { policies, erased } = policiesOf(db);
    const { id } = await db.user.create({
      data: { publicKey: 'alice', cutReason: 'DELETED', ...REQUIRED },
    });
    await db.$executeRaw`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
      INSERT INTO "Event" ("type", "at", "userId", "endpoint")
      SELECT 'USER_ONLINE', 0, ${id}, '192.0.2.1:1' FROM n`;
    const changes = async () => {
      const [row] = await db.$queryRaw<[{ n: bigint }]>`SELECT total_changes() AS "n"`;
      return Number(row.n);
    };
    const before = await changes();
    while (erased.length === 0) await policies.erase(await policies.load(), AT);
    expect(await changes()).toBeLessThan(before + 12_020);
  });
});
