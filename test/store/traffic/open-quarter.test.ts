import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../src/store/record/recorder.ts';
import { closeQuarters } from '../../../src/store/traffic/close-quarters.ts';
import { ALL_USERS, LEVELS, quarterOf } from '../../../src/store/traffic/levels.ts';
import { retainTraffic } from '../../../src/store/traffic/retain.ts';
import {
  changesOf,
  NOON_MS,
  seenDuring,
  temporaryDatabase,
  UTC,
  userChange,
} from '../../fixtures/test-store.ts';
import { QUARTER_MS, rowsOf, sumsOf } from '../../fixtures/traffic-rows.ts';

const KEYS = Array.from({ length: 250 }, (_, index) => `key ${index}`);

/** A poll that finds one more byte of each of these users. */
const pollAt = (atMs: number, keys: readonly string[] = KEYS) =>
  changesOf({
    atMs,
    users: keys.map((key) => userChange(key, { rxBytes: 1n, txBytes: 2n })),
    traffic: keys.map((publicKey) => ({ publicKey, rxBytes: 1n, txBytes: 2n, gapMs: 2_000 })),
  });

describe('the open quarter hour of a user', () => {
  it('has no rows until it has ended, and the sum of all users has', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    for (const second of [0, 2, 4]) await record(pollAt(NOON_MS + second * 1_000));
    const count = BigInt(KEYS.length);
    for (const level of LEVELS) {
      expect(await sumsOf(db, level)).toEqual({ [ALL_USERS]: [3n * count, 6n * count] });
    }
    expect(await db.user.count({ where: { quarterRx: 3, quarterTx: 6 } })).toBe(KEYS.length);
  });

  it('is closed by the next poll after its end, also of users without more bytes', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    await record(pollAt(NOON_MS));
    await record(pollAt(NOON_MS + QUARTER_MS, ['key 0']));
    for (const level of LEVELS) {
      const rows = (await rowsOf(db, level)).filter(({ userId }) => userId !== ALL_USERS);
      expect(rows.map(({ startMs, rx, tx }) => [startMs, rx, tx])).toEqual(
        KEYS.map(() => [level === 'TrafficDay' ? Date.UTC(2026, 0, 15) : NOON_MS, 1n, 2n]),
      );
    }
    expect(await db.user.findMany({ where: { quarterRx: { gt: 0 } } })).toMatchObject([
      { publicKey: 'key 0', quarter: quarterOf(NOON_MS) + 1, quarterRx: 1n, quarterTx: 2n },
    ]);
  });

  it('is closed by the first poll after a restart', async () => {
    const db = await temporaryDatabase();
    await createRecorder(db, UTC).record(pollAt(NOON_MS));
    await createRecorder(db, UTC).record(changesOf({ atMs: NOON_MS + 8 * QUARTER_MS }));
    expect((await rowsOf(db, 'TrafficQuarter')).filter(({ userId }) => userId > 0)).toHaveLength(
      KEYS.length,
    );
  });

  it('is closed by retention, if no poll has been recorded since', async () => {
    const db = await temporaryDatabase();
    await createRecorder(db, UTC).record(pollAt(NOON_MS));
    const later = new Date(NOON_MS + QUARTER_MS);
    await retainTraffic(db, UTC, { quarterHours: 0, hours: 0 }, later);
    expect(await db.user.count({ where: { quarterRx: { gt: 0 } } })).toBe(0);
  });

  it('is closed in parts, after each of which every byte is in one place', async () => {
    const db = await temporaryDatabase();
    await createRecorder(db, UTC).record(pollAt(NOON_MS));
    const look = async () => {
      const [open, rows] = await db.$transaction([
        db.user.aggregate({ _sum: { quarterRx: true } }),
        db.trafficDay.aggregate({ _sum: { rx: true }, where: { userId: { gt: ALL_USERS } } }),
      ]);
      return [open._sum.quarterRx ?? 0n, rows._sum.rx ?? 0n] as const;
    };
    const seen = await seenDuring(closeQuarters(db, UTC, quarterOf(NOON_MS) + 1), look);
    const all = BigInt(KEYS.length);
    expect(seen.map(([open, rows]) => open + rows)).toEqual(seen.map(() => all));
    expect(seen.at(-1)).toEqual([0n, all]);
    expect(seen.filter(([open]) => 0n < open && open < all)).not.toEqual([]);
  });

  it('from the future, after the clock was set back, is closed and not continued', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    await record(pollAt(NOON_MS + 8 * QUARTER_MS, ['key 0']));
    await record(pollAt(NOON_MS, ['key 0']));
    expect(await db.user.findFirst()).toMatchObject({
      quarter: quarterOf(NOON_MS),
      quarterRx: 1n,
    });
    expect(await rowsOf(db, 'TrafficQuarter')).toMatchObject([
      { userId: ALL_USERS, startMs: NOON_MS },
      { userId: ALL_USERS, startMs: NOON_MS + 8 * QUARTER_MS },
      { userId: 1, startMs: NOON_MS + 8 * QUARTER_MS, rx: 1n },
    ]);
  });
});
