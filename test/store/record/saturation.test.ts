import { describe, expect, it } from 'vitest';
import { MAX_BYTES } from '../../../src/domain/bytes.ts';
import { overviewStore } from '../../../src/store/overview.ts';
import { createRecorder } from '../../../src/store/record/recorder.ts';
import { closeQuarters } from '../../../src/store/traffic/close-quarters.ts';
import { quarterOf } from '../../../src/store/traffic/levels.ts';
import {
  changesOf,
  NOON_MS,
  temporaryDatabase,
  UTC,
  userChange,
} from '../../fixtures/test-store.ts';

const ALICE = 'alice';
const bytes = (rxBytes: bigint, txBytes = 0n) => ({ rxBytes, txBytes });

const EVER = { day: new Date(0), month: new Date(0) };

describe('a sum that would pass 2^63-1', () => {
  const saturations = (events: readonly { readonly reason: string | null }[]) =>
    events.filter(({ reason }) => reason === 'SATURATED').length;

  it.each([
    ['by a little', MAX_BYTES - 1n, 2n],
    ['by half the range', MAX_BYTES / 2n + 1n, MAX_BYTES / 2n + 1n],
    ['in one leap from a small one', 1n, MAX_BYTES],
    ['to the very end', 1n, MAX_BYTES - 1n],
  ])('%s stops at it, with one event', async (_, first, second) => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    const book = (rxBytes: bigint) =>
      record(
        changesOf({
          users: [userChange(ALICE, { rxBytes })],
          traffic: [{ publicKey: ALICE, rxBytes, txBytes: 0n, gapMs: 0 }],
        }),
      );
    const before = await book(first);
    expect(saturations(before.events)).toBe(0);
    const after = await book(second);
    expect(await db.user.findFirst()).toMatchObject({ rx: MAX_BYTES });
    expect(await db.user.findFirst()).toMatchObject({ quarterRx: MAX_BYTES });
    await closeQuarters(db, UTC, quarterOf(NOON_MS) + 1);
    expect(await db.trafficDay.findFirst({ where: { userId: 1 } })).toMatchObject({
      rx: MAX_BYTES,
    });
    expect(saturations(after.events)).toBe(1);
    expect(saturations((await book(1n)).events)).toBe(0);
    expect(saturations((await record(changesOf())).events)).toBe(0);
  });

  it('does not overflow the sums of the dashboard', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    const full = bytes(MAX_BYTES, MAX_BYTES - 1n);
    const keys = [ALICE, 'bob', 'carol'];
    await record(
      changesOf({
        interfaces: [
          { kind: 'read', name: 'wg0', generation: {}, publicKey: null, listenPort: null },
        ],
        users: keys.map((key) => userChange(key, full)),
        traffic: keys.map((publicKey) => ({ publicKey, ...full, gapMs: 0 })),
        counters: keys.map((publicKey) => ({
          interface: 'wg0',
          publicKey,
          ...full,
          handshakeEpochSeconds: 0,
          endpoint: null,
          allowedIps: null,
          persistentKeepaliveSeconds: null,
          present: true,
          isNumbersOnly: false,
        })),
      }),
    );
    const { overview, interfaces } = overviewStore(db);
    expect(await overview(EVER)).toMatchObject({
      totalUsers: 3,
      totalRx: MAX_BYTES,
      totalTx: MAX_BYTES,
      todayRx: MAX_BYTES,
      todayTx: MAX_BYTES,
      monthRx: MAX_BYTES,
      monthTx: MAX_BYTES,
    });
    expect(await interfaces([])).toMatchObject([{ peers: 3, rx: MAX_BYTES, tx: MAX_BYTES }]);
  });

  it('is exact in the dashboard below it', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    const odd = 2n ** 53n + 1n;
    const keys = [ALICE, 'bob', 'carol'];
    await record(
      changesOf({ users: keys.map((key) => userChange(key, bytes(odd, 2n ** 32n - 1n))) }),
    );
    expect(await overviewStore(db).overview(EVER)).toMatchObject({
      totalRx: 3n * odd,
      totalTx: 3n * (2n ** 32n - 1n),
    });
  });
});
