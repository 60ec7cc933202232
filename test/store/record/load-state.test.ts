import { describe, expect, it } from 'vitest';
import type { Changes } from '../../../src/domain/tracking/changes.ts';
import type { Database } from '../../../src/store/database/open.ts';
import { loadState } from '../../../src/store/record/load-state.ts';
import { createRecorder } from '../../../src/store/record/recorder.ts';
import { temporaryDatabase, UTC } from '../../fixtures/test-store.ts';
import { booked, eventTypes, SECOND, Timeline, turns } from '../../fixtures/timeline.ts';

const ALICE = 'alice';

/** A timeline whose polls are written, and which can start anew from what was written. */
class RecordedTimeline extends Timeline {
  readonly #db: Database;
  #record: (changes: Changes) => Promise<unknown>;

  constructor(db: Database) {
    super();
    this.#db = db;
    this.#record = createRecorder(db, UTC).record;
  }

  async step(): Promise<Changes> {
    const changes = this.next();
    await this.#record(changes);
    return changes;
  }

  async restart(downMs: number, watched: readonly string[] = []): Promise<void> {
    this.wait(downMs);
    this.monotonicMs = 77;
    this.state = await loadState(this.#db, watched, this);
    this.#record = createRecorder(this.#db, UTC).record;
  }
}

async function online(): Promise<RecordedTimeline> {
  const timeline = new RecordedTimeline(await temporaryDatabase());
  timeline.peer(ALICE, { endpoint: '192.0.2.1:1000', allowedIps: ['10.0.0.2/32'], keepalive: 25 });
  await timeline.step();
  timeline.wait(2 * SECOND).shakeHands(ALICE);
  timeline.peer(ALICE, { rx: 1000n, tx: 2000n });
  await timeline.step();
  return timeline;
}

describe('a program that is restarted', () => {
  it('has the same state as before', async () => {
    const timeline = await online();
    timeline.peer('gone', { rx: 5n, handshake: timeline.epochSeconds() });
    await timeline.step();
    timeline.interface().peers.delete('gone');
    await timeline.step();
    const before = timeline.state;
    const { monotonicMs } = timeline;
    await timeline.restart(0);
    const after = timeline.state;
    const shift = monotonicMs - timeline.monotonicMs;
    const interfaceBefore = before.interfaces.get('wg0');
    const interfaceAfter = after.interfaces.get('wg0');
    expect(interfaceAfter).toMatchObject({ generation: { ifindex: 'wg0.1' }, up: true });
    expect((interfaceAfter?.lastReadMs ?? 0) + shift).toBe(interfaceBefore?.lastReadMs);
    expect([...after.users.keys()].sort()).toEqual([ALICE, 'gone']);
    for (const [publicKey, user] of before.users) {
      expect(after.users.get(publicKey)).toMatchObject({
        session: user.session,
        previousEndWallMs: user.previousEndWallMs,
        endpoint: user.endpoint,
      });
      const { rxBytes, txBytes, present, handshake } = interfaceBefore?.peers.get(publicKey) ?? {};
      expect(interfaceAfter?.peers.get(publicKey)).toMatchObject({
        rxBytes,
        txBytes,
        present,
        handshake: { epochSeconds: handshake?.epochSeconds },
      });
    }
  });

  it('books no byte twice and loses none', async () => {
    const timeline = await online();
    timeline.peer(ALICE, { rx: 1500n });
    await timeline.restart(10 * SECOND);
    const changes = await timeline.step();
    expect(booked(changes, ALICE)).toEqual([500n, 0n]);
    expect(changes.users[0]?.openingRxBytes).toBe(0n);
    expect(booked(await timeline.step(), ALICE)).toEqual([0n, 0n]);
  });

  it('continues the session after a short break, without an event', async () => {
    const timeline = await online();
    await timeline.restart(10 * SECOND);
    const changes = await timeline.step();
    expect(turns(changes)).toEqual([]);
    expect(eventTypes(changes)).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
    expect(turns(timeline.pollFor(200 * SECOND))).toMatchObject([{ reason: 'TIMEOUT' }]);
  });

  it('ends the session at its last proof after a long break', async () => {
    const timeline = await online();
    const provedMs = timeline.epochSeconds() * 1000;
    await timeline.restart(600 * SECOND);
    expect(turns(await timeline.step())).toMatchObject([{ kind: 'ended', reason: 'MONITOR_GAP' }]);
    await timeline.restart(0);
    const { previousEndWallMs, session } = timeline.state.users.get(ALICE) ?? {};
    expect(session).toBeNull();
    expect(previousEndWallMs).toBeLessThanOrEqual(provedMs);
  });

  it('detects that the interface was re-created meanwhile, although its counters are larger', async () => {
    const timeline = await online();
    timeline.interface().generation = '2';
    timeline.peer(ALICE, { rx: 9000n, tx: 9000n });
    await timeline.restart(10 * SECOND);
    expect(booked(await timeline.step(), ALICE)).toEqual([9000n, 9000n]);
  });

  it('whose wall clock was set back has no age below zero', async () => {
    const timeline = await online();
    timeline.wallMs -= 3_600_000;
    await timeline.restart(0);
    for (const { lastReadMs } of timeline.state.interfaces.values()) {
      expect(lastReadMs).toBeLessThanOrEqual(timeline.monotonicMs);
    }
    for (const { provedMs } of timeline.state.users.values()) {
      expect(provedMs).toBeLessThanOrEqual(timeline.monotonicMs);
    }
    timeline.peer(ALICE, { rx: 1001n });
    expect(booked(await timeline.step(), ALICE)).toEqual([1n, 0n]);
  });

  it('keeps the marks of an interface that is not monitored for a while', async () => {
    const timeline = await online();
    await timeline.restart(SECOND, ['wg7']);
    expect(timeline.state.interfaces.size).toBe(0);
    await timeline.restart(SECOND, ['wg0']);
    timeline.peer(ALICE, { rx: 1100n });
    expect(booked(await timeline.step(), ALICE)).toEqual([100n, 0n]);
  });

  it('detects that the keepalive was disabled meanwhile', async () => {
    const timeline = await online();
    timeline.peer(ALICE, { keepalive: null, allowedIps: [] });
    await timeline.restart(10 * SECOND);
    expect((await timeline.step()).users).toMatchObject([
      { publicKey: ALICE, persistentKeepaliveSeconds: null, allowedIps: '' },
    ]);
  });

  it('reports no changed endpoint for a user on two interfaces', async () => {
    const timeline = await online();
    timeline.peer(ALICE, { endpoint: '198.51.100.9:2000' }, 'wg1');
    await timeline.step();
    expect(eventTypes(await timeline.step())).toEqual([]);
    await timeline.restart(10 * SECOND);
    expect(eventTypes(await timeline.step())).toEqual([]);
  });

  it('still knows the age that boringtun reported', async () => {
    const timeline = await online();
    timeline.peer(ALICE, { handshake: 5 });
    await timeline.step();
    await timeline.restart(10 * SECOND);
    timeline.peer(ALICE, { handshake: 17 });
    const changes = await timeline.step();
    expect(turns(changes)).toEqual([]);
    expect(changes.users[0]?.lastSeenMs).toBeUndefined();
  });
});
