import { describe, expect, it } from 'vitest';
import { type KeepDays, retain } from '../../src/store/retention.ts';
import { NOON_MS, seenDuring, temporaryDatabase, UTC } from '../fixtures/test-store.ts';

const DAY_MS = 86_400_000;
const KEEP: KeepDays = { quarterHours: 2, hours: 5, events: 0, sessions: 0 };

describe('deleting records that are old enough', () => {
  it('deletes old events and ended sessions, except the latest of a user', async () => {
    const db = await temporaryDatabase();
    const at = (days: number) => new Date(NOON_MS - days * DAY_MS);
    const moments = { quotaMarkAt: at(99), createdAt: at(99), updatedAt: at(99) };
    const user = await db.user.create({ data: { publicKey: 'alice', ...moments } });
    const session = (days: number, endedAt: Date | null) =>
      db.session.create({
        data: { userId: user.id, startedAt: at(days), lastSeenAt: at(days), endedAt },
      });
    await session(90, at(90));
    const latest = await session(80, at(80));
    await session(50, null);
    await session(5, at(5));
    await db.user.update({ where: { id: user.id }, data: { latestSessionId: latest.id } });
    for (const days of [90, 11, 9]) {
      await db.event.create({ data: { type: 'PEER_ADDED', at: at(days) } });
    }
    await retain(db, UTC, { ...KEEP, events: 10, sessions: 30 }, new Date(NOON_MS));
    expect((await db.event.findMany()).map((event) => event.at)).toEqual([at(9)]);
    const left = await db.session.findMany({ orderBy: { id: 'asc' } });
    expect(left.map(({ startedAt }) => startedAt)).toEqual([at(80), at(50), at(5)]);
  });

  it('never uses the id of an event again', async () => {
    const db = await temporaryDatabase();
    const old = await db.event.create({ data: { type: 'PEER_ADDED', at: new Date(0) } });
    await retain(db, UTC, { ...KEEP, events: 1 }, new Date(NOON_MS));
    const next = await db.event.create({ data: { type: 'PEER_ADDED', at: new Date(NOON_MS) } });
    expect(next.id).toBeGreaterThan(old.id);
  });
});

describe('deleting many old records', () => {
  it('is done in parts, between which other transactions run', async () => {
    const db = await temporaryDatabase();
    const long = new Date(NOON_MS - 20 * DAY_MS);
    const count = 2_500;
    const moments = { quotaMarkAt: long, createdAt: long, updatedAt: long };
    const { id: userId } = await db.user.create({ data: { publicKey: 'alice', ...moments } });
    await db.session.createMany({
      data: Array.from({ length: count }, () => ({
        userId,
        startedAt: long,
        lastSeenAt: long,
        endedAt: long,
      })),
    });
    await db.event.createMany({
      data: Array.from({ length: count }, () => ({ type: 'PEER_ADDED', at: long })),
    });
    const keep = { ...KEEP, events: 5, sessions: 5 };
    const seen = await seenDuring(
      retain(db, UTC, keep, new Date(NOON_MS)),
      async () => [await db.session.count(), await db.event.count()] as const,
    );
    expect(seen.at(-1)).toEqual([0, 0]);
    for (const index of [0, 1] as const) {
      const counts = seen.map((rows) => rows[index]);
      expect(counts.filter((rows) => 0 < rows && rows < count)).not.toEqual([]);
    }
  });
});
