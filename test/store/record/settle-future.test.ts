import { describe, expect, it } from 'vitest';
import { BUCKET_MS } from '../../../src/domain/tracking/constants.ts';
import { lastRecordedAt, settleFuture } from '../../../src/store/record/settle-future.ts';
import { ALL_USERS, LEVELS, type Level, quarterOf } from '../../../src/store/traffic/levels.ts';
import { retainTraffic } from '../../../src/store/traffic/retain.ts';
import { NOON_MS, seenDuring, temporaryDatabase, UTC } from '../../fixtures/test-store.ts';
import { bookQuarters, rowsOf, sumsOf, sumsOfLevels } from '../../fixtures/traffic-rows.ts';

const NOW = new Date(NOON_MS);
/** More than one part, and of each kind and user the same number. */
const COUNT = 1_200;

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
    startMs: ahead(index).getTime(),
    rx: 1n,
    tx: 2n ** 40n,
  }));
  const owned = traffic.map((row, index) => ({ ...userOf(index), ...row }));
  await bookQuarters(db, UTC, [...owned.sort((a, b) => a.userId - b.userId), ...traffic]);
  return db;
}

describe('moving records of the future to the present', () => {
  it('keeps every sum after each part, and ends only when all are moved', async () => {
    const db = await filled();
    const seen = await seenDuring(settleFuture(db, UTC, NOW), async () => ({
      sums: await sumsOfLevels(db),
      last: await lastRecordedAt(db),
      left: {
        traffic: await db.trafficQuarter.count({ where: { start: { gt: quarterOf(NOON_MS) } } }),
        sessions: await db.session.count({ where: { lastSeenAt: { gt: NOW } } }),
        events: await db.event.count({ where: { at: { gt: NOW } } }),
      },
    }));
    const bytes = (count: number) => [BigInt(count), BigInt(count) * 2n ** 40n];
    const all = { 0: bytes(COUNT), 1: bytes(COUNT / 2), 2: bytes(COUNT / 2) };
    const levels = Object.fromEntries(LEVELS.map((level) => [level, all]));
    expect(seen.map(({ sums }) => sums)).toEqual(seen.map(() => levels));
    const done = seen.pop();
    expect(done).toMatchObject({
      last: NOW,
      left: { traffic: 0, sessions: 0, events: 0 },
    });
    // Were it cut short here, the next start would see it and go on.
    expect(seen.every(({ last }) => last !== null && last > NOW)).toBe(true);
    const most = { traffic: 2 * COUNT, sessions: COUNT, events: COUNT };
    for (const kind of ['traffic', 'sessions', 'events'] as const) {
      expect(seen.filter(({ left }) => 0 < left[kind] && left[kind] < most[kind])).not.toEqual([]);
    }
  });

  it('leaves each user one estimated row in the current quarter hour', async () => {
    const db = await filled();
    await settleFuture(db, UTC, NOW);
    const dayMs = Date.UTC(2026, 0, 15);
    const starts = [
      ['TrafficQuarter', NOON_MS],
      ['TrafficHour', NOON_MS],
      ['TrafficDay', dayMs],
    ] as const;
    for (const [level, startMs] of starts) {
      const moved = (count: number) => ({
        ...{ startMs, rx: BigInt(count), tx: BigInt(count) * 2n ** 40n, estimated: true },
      });
      expect(await rowsOf(db, level)).toMatchObject([
        { userId: ALL_USERS, ...moved(COUNT) },
        { userId: 1, ...moved(COUNT / 2) },
        { userId: 2, ...moved(COUNT / 2) },
      ]);
    }
    const users = await db.user.findMany();
    expect(users.map(({ lastSeenAt, quotaMarkAt }) => [lastSeenAt, quotaMarkAt])).toEqual([
      [NOW, NOW],
      [NOW, NOW],
    ]);
  });

  it('leaves what was recorded before now where it was, also on the same day', async () => {
    const db = await temporaryDatabase();
    const startsMs = [-30, -3, -1, 1, 2, 30, 60].map((quarters) => NOON_MS + quarters * BUCKET_MS);
    await bookQuarters(
      db,
      UTC,
      startsMs.map((startMs, index) => ({ userId: 1, startMs, rx: 10n ** BigInt(index), tx: 0n })),
    );
    const user = { quarterRx: 5n, quarterTx: 7n, quarter: quarterOf(NOON_MS) + 9 };
    const required = { quotaMarkAt: NOW, createdAt: NOW, updatedAt: NOW };
    await db.user.create({ data: { id: 1, publicKey: 'key', ...required, ...user } });
    await settleFuture(db, UTC, NOW);
    const received = async (level: Level) =>
      (await rowsOf(db, level)).map(({ startMs, rx }) => [(startMs - NOON_MS) / BUCKET_MS, rx]);
    expect(await received('TrafficQuarter')).toEqual([
      ...[
        [-30, 1n],
        [-3, 10n],
        [-1, 100n],
      ],
      [0, 1_111_005n],
    ]);
    expect(await received('TrafficHour')).toEqual([
      [-32, 1n],
      [-4, 110n],
      [0, 1_111_005n],
    ]);
    expect(await received('TrafficDay')).toEqual([[-48, 1_111_116n]]);
    expect(await db.user.findFirst()).toMatchObject({ quarterRx: 0n, quarterTx: 0n });
  });

  it('keeps every byte in days if retention has followed the wrong clock', async () => {
    const db = await filled();
    await bookQuarters(db, UTC, [{ userId: 1, startMs: NOON_MS - BUCKET_MS, rx: 7n, tx: 7n }]);
    const before = await sumsOf(db, 'TrafficDay');
    const ahead = new Date(NOON_MS + 365 * 86_400_000);
    await retainTraffic(db, UTC, { quarterHours: 1, hours: 2 }, ahead);
    await settleFuture(db, UTC, NOW);
    expect(await sumsOf(db, 'TrafficDay')).toEqual(before);
    const days = await rowsOf(db, 'TrafficDay');
    expect(days.map(({ startMs }) => startMs)).toEqual(days.map(() => Date.UTC(2026, 0, 15)));
    const tomorrow = { userId: 1, startMs: Date.UTC(2026, 0, 16), rx: 3n, tx: 3n };
    await bookQuarters(db, UTC, [{ ...tomorrow, startMs: NOON_MS }, tomorrow]);
    expect(await rowsOf(db, 'TrafficQuarter')).toMatchObject([tomorrow]);
    expect(await rowsOf(db, 'TrafficHour')).toMatchObject([tomorrow]);
  });
});
