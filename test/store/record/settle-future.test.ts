import { describe, expect, it } from 'vitest';
import { BUCKET_MS } from '../../../src/domain/tracking/constants.ts';
import { lastRecordedAt, settleFuture } from '../../../src/store/record/settle-future.ts';
import { NOON_MS, seenDuring, temporaryDatabase } from '../../fixtures/test-store.ts';

const NOW = new Date(NOON_MS);
/** More than one part, and of each kind and user the same number. */
const COUNT = 1_200;
const SUMS = { _sum: { rx: true, tx: true } } as const;

/** As many records of each kind, all from a clock that was ahead, of two users. */
async function filled() {
  const db = await temporaryDatabase();
  const ahead = (index: number) => new Date(NOON_MS + (1 + index) * BUCKET_MS);
  const required = { quotaMarkAt: ahead(0), createdAt: NOW, updatedAt: NOW, lastSeenAt: ahead(9) };
  await db.user.createMany({ data: [1, 2].map((id) => ({ id, publicKey: `${id}`, ...required })) });
  await db.interface.create({
    data: { name: 'wg0', generation: '', firstSeenAt: NOW, lastReadAt: ahead(COUNT) },
  });
  const indexes = Array.from({ length: COUNT }, (_, index) => index);
  const userOf = (index: number) => ({ userId: 1 + (index % 2) });
  await db.session.createMany({
    data: indexes.map((index) => ({
      ...userOf(index),
      startedAt: index === 0 ? new Date(0) : ahead(index),
      lastSeenAt: ahead(index + 1),
      endedAt: index === 0 ? null : ahead(index + 1),
    })),
  });
  await db.event.createMany({
    data: indexes.map((index) => ({ type: 'USER_ONLINE', at: ahead(index) })),
  });
  const traffic = indexes.map((index) => ({
    start: ahead(index),
    end: ahead(index + 1),
    bucket: ['QUARTER_HOUR', 'HOUR', 'DAY'][index % 3] ?? '',
    rx: 1n,
    tx: 2n ** 40n,
  }));
  await db.traffic.createMany({
    data: traffic.map((row, index) => ({ ...userOf(index), ...row })),
  });
  await db.trafficTotal.createMany({ data: traffic });
  return db;
}

describe('moving records of the future to the present', () => {
  it('keeps every sum after each part, and ends only when all are moved', async () => {
    const db = await filled();
    const seen = await seenDuring(settleFuture(db, NOW), async () => ({
      sums: await Promise.all([db.traffic.aggregate(SUMS), db.trafficTotal.aggregate(SUMS)]),
      last: await lastRecordedAt(db),
      left: {
        traffic: await db.traffic.count({ where: { start: { gt: NOW } } }),
        totals: await db.trafficTotal.count({ where: { start: { gt: NOW } } }),
        sessions: await db.session.count({ where: { lastSeenAt: { gt: NOW } } }),
        events: await db.event.count({ where: { at: { gt: NOW } } }),
      },
    }));
    const all = { _sum: { rx: BigInt(COUNT), tx: BigInt(COUNT) * 2n ** 40n } };
    expect(seen.map(({ sums }) => sums)).toEqual(seen.map(() => [all, all]));
    const done = seen.pop();
    expect(done).toMatchObject({
      last: NOW,
      left: { traffic: 0, totals: 0, sessions: 0, events: 0 },
    });
    // Were it cut short here, the next start would see it and go on.
    expect(seen.every(({ last }) => last !== null && last > NOW)).toBe(true);
    for (const kind of ['traffic', 'totals', 'sessions', 'events'] as const) {
      expect(seen.filter(({ left }) => 0 < left[kind] && left[kind] < COUNT)).not.toEqual([]);
    }
  });

  it('leaves each user one estimated row in the current quarter hour', async () => {
    const db = await filled();
    await settleFuture(db, NOW);
    const quarter = {
      bucket: 'QUARTER_HOUR',
      start: NOW,
      end: new Date(NOON_MS + BUCKET_MS),
      estimated: true,
    };
    const half = { rx: BigInt(COUNT / 2), tx: BigInt(COUNT / 2) * 2n ** 40n };
    expect(await db.traffic.findMany({ orderBy: { userId: 'asc' } })).toEqual([
      { userId: 1, ...quarter, ...half },
      { userId: 2, ...quarter, ...half },
    ]);
    const users = await db.user.findMany();
    expect(users.map(({ lastSeenAt, quotaMarkAt }) => [lastSeenAt, quotaMarkAt])).toEqual([
      [NOW, NOW],
      [NOW, NOW],
    ]);
  });
});
