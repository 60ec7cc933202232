import { describe, expect, it } from 'vitest';
import { MAX_BYTES } from '../../../src/domain/bytes.ts';
import { createRecorder } from '../../../src/store/record/recorder.ts';
import { ALL_USERS, LEVELS } from '../../../src/store/traffic/levels.ts';
import {
  changesOf,
  NOON_MS,
  temporaryDatabase,
  UTC,
  userChange,
} from '../../fixtures/test-store.ts';
import { QUARTER_MS, rowsOf, sumsOf, sumsOfLevels } from '../../fixtures/traffic-rows.ts';

const ALICE = 'alice';
const bytes = (rxBytes: bigint, txBytes = 0n) => ({ rxBytes, txBytes });

const event = (type: 'PEER_ADDED' | 'SESSION_STARTED' | 'SESSION_ENDED', publicKey = ALICE) => ({
  type,
  publicKey,
  interface: 'wg0',
  endpoint: null,
  allowedIps: null,
  persistentKeepaliveSeconds: null,
  reason: null,
  isOwn: false,
});

const started = (startedMs: number, publicKey = ALICE) => ({
  kind: 'started' as const,
  publicKey,
  startedMs,
  lastSeenMs: startedMs,
  endpoint: '192.0.2.1:1000',
  ...bytes(1n, 2n),
});

const ended = (endedMs: number) => ({
  kind: 'ended' as const,
  publicKey: ALICE,
  endedMs,
  reason: 'TIMEOUT' as const,
});

describe('recording a poll', () => {
  it('registers unknown peers as User_<id>, not managed', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    await record(
      changesOf({ users: [userChange(ALICE), userChange('bob', { interface: 'wg1' })] }),
    );
    const users = await db.user.findMany({ orderBy: { id: 'asc' } });
    expect(users).toMatchObject([
      { publicKey: ALICE, interface: 'wg0', managed: false, enabled: true, online: false },
      { publicKey: 'bob', interface: 'wg1', managed: false },
    ]);
    for (const { id, nickname } of users) expect(nickname).toBe(`User_${id}`);
  });

  it('keeps a given name, and books to its user', async () => {
    const db = await temporaryDatabase();
    const at = new Date(NOON_MS);
    await db.user.create({
      data: { publicKey: ALICE, registeredAt: at, quotaMarkAt: at, createdAt: at, updatedAt: at },
    });
    const { record } = createRecorder(db, UTC);
    await record(changesOf({ users: [userChange(ALICE, bytes(5n))] }));
    expect(await db.user.findMany()).toMatchObject([{ nickname: '', interface: 'wg0', rx: 5n }]);
  });

  it('is exact above 2^53', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    const odd = 2n ** 53n + 1n;
    const raw = MAX_BYTES - 2n;
    await record(
      changesOf({
        users: [userChange(ALICE, { ...bytes(odd, raw), openingRxBytes: odd })],
        traffic: [{ publicKey: ALICE, ...bytes(odd, raw), gapMs: 0 }],
        counters: [
          {
            interface: 'wg0',
            publicKey: ALICE,
            ...bytes(raw, odd),
            handshakeEpochSeconds: 7,
            endpoint: null,
            allowedIps: null,
            persistentKeepaliveSeconds: null,
            present: true,
            isNumbersOnly: false,
          },
        ],
        sessions: [{ ...started(NOON_MS), ...bytes(odd, raw) }],
      }),
    );
    await record(changesOf({ users: [userChange(ALICE, bytes(odd))] }));
    expect(await db.user.findFirst()).toMatchObject({ rx: 2n * odd, tx: raw, quotaMarkRx: odd });
    expect(await db.peer.findFirst()).toMatchObject({ rx: raw, tx: odd, handshake: 7n });
    expect(await db.session.findFirst()).toMatchObject({ rx: odd, tx: raw });
    expect(await db.user.findFirst()).toMatchObject({ quarterRx: odd, quarterTx: raw });
    for (const level of LEVELS) expect(await sumsOf(db, level)).toEqual({ 0: [odd, raw] });
  });

  it('writes everything or nothing, and the same again once it can', async () => {
    const db = await temporaryDatabase();
    await db.$executeRawUnsafe(
      `CREATE TRIGGER "full" BEFORE INSERT ON "Event" BEGIN SELECT RAISE(ABORT, 'full'); END`,
    );
    const { record } = createRecorder(db, UTC);
    const changes = changesOf({
      interfaces: [
        { kind: 'read', name: 'wg0', generation: { ifindex: '1' }, publicKey: null, listenPort: 1 },
      ],
      users: [userChange(ALICE, bytes(10n))],
      traffic: [{ publicKey: ALICE, ...bytes(10n), gapMs: 0 }],
      counters: [
        {
          interface: 'wg0',
          publicKey: ALICE,
          ...bytes(10n),
          handshakeEpochSeconds: 1,
          endpoint: null,
          allowedIps: null,
          persistentKeepaliveSeconds: null,
          present: true,
          isNumbersOnly: false,
        },
      ],
      sessions: [started(NOON_MS)],
      events: [event('PEER_ADDED'), event('SESSION_STARTED')],
    });
    const counts = () =>
      Promise.all([
        db.user.count(),
        db.interface.count(),
        db.peer.count(),
        db.trafficQuarter.count(),
        db.trafficDay.count(),
        db.session.count(),
        db.event.count(),
      ]);
    await expect(record(changes)).rejects.toThrow();
    await expect(record(changes)).rejects.toThrow();
    expect(await counts()).toEqual([0, 0, 0, 0, 0, 0, 0]);
    await db.$executeRawUnsafe(`DROP TRIGGER "full"`);
    const recorded = await record(changes);
    expect(await counts()).toEqual([1, 1, 1, 1, 1, 1, 2]);
    expect(await db.user.findFirst()).toMatchObject({ rx: 10n, online: true });
    expect(recorded.presence).toMatchObject([{ isOnline: true }]);
    expect(recorded.events.map(({ id }) => id)).toEqual(
      (await db.event.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id),
    );
  });

  it('keeps at most one session open: in one poll, an end precedes a start', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    await record(changesOf({ sessions: [started(NOON_MS)], events: [event('SESSION_STARTED')] }));
    const recorded = await record(
      changesOf({
        sessions: [ended(NOON_MS + 5), started(NOON_MS + 9)],
        events: [event('SESSION_ENDED'), event('SESSION_STARTED')],
      }),
    );
    const [first, second] = await db.session.findMany({ orderBy: { id: 'asc' } });
    expect(first).toMatchObject({ endedAt: new Date(NOON_MS + 5), endReason: 'TIMEOUT' });
    expect(second).toMatchObject({ startedAt: new Date(NOON_MS + 9), endedAt: null });
    expect(await db.user.findFirst()).toMatchObject({ online: true, latestSessionId: second?.id });
    expect(recorded.events.map(({ sessionId }) => sessionId)).toEqual([first?.id, second?.id]);
    expect(recorded.presence).toMatchObject([{ isOnline: true }]);
  });

  it('continues the open session after a restart', async () => {
    const db = await temporaryDatabase();
    await createRecorder(db, UTC).record(changesOf({ sessions: [started(NOON_MS)] }));
    const { record } = createRecorder(db, UTC);
    const sign = {
      publicKey: ALICE,
      lastSeenMs: NOON_MS + 7,
      endpoint: null,
      allowedIps: null,
      persistentKeepaliveSeconds: null,
      ...bytes(5n, 6n),
    };
    await record(changesOf({ sessions: [{ kind: 'continued', ...sign }] }));
    await record(changesOf({ sessions: [ended(NOON_MS + 7)] }));
    expect(await db.session.findMany()).toMatchObject([
      { rx: 6n, tx: 8n, endpoint: '192.0.2.1:1000', endedAt: new Date(NOON_MS + 7) },
    ]);
    expect(await db.user.findFirst()).toMatchObject({ online: false });
  });

  it('spreads a booking over its gap, marked as estimated', async () => {
    const db = await temporaryDatabase();
    const { record } = createRecorder(db, UTC);
    const hour = 60 * 60_000;
    await record(
      changesOf({
        traffic: [
          { publicKey: ALICE, ...bytes(600n), gapMs: 2 * hour },
          { publicKey: ALICE, ...bytes(1n), gapMs: 2_000 },
        ],
        users: [userChange(ALICE)],
      }),
    );
    const user = await db.user.findFirstOrThrow();
    expect([user.quarter * QUARTER_MS, user.quarterRx]).toEqual([NOON_MS, 1n]);
    const all = await rowsOf(db, 'TrafficQuarter');
    const rows = all.filter(({ userId }) => userId === user.id);
    expect(rows).toHaveLength(8);
    expect(rows[0]?.startMs).toEqual(NOON_MS - 2 * hour);
    expect(rows.map(({ estimated }) => estimated)).toEqual(Array(8).fill(true));
    const sums = await sumsOfLevels(db);
    for (const level of LEVELS) {
      expect(sums[level]).toEqual({ 0: [601n, 0n], [user.id]: [600n, 0n] });
    }
    const totals = all.filter(({ userId }) => userId === ALL_USERS);
    expect(totals.map(({ rx, estimated }) => [rx, estimated])).toEqual([
      ...rows.map(({ rx, estimated }) => [rx, estimated]),
      [1n, false],
    ]);
  });
});
