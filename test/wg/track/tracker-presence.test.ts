import { describe, expect, it } from 'vitest';
import {
  booked,
  eventTypes,
  HOUR,
  MINUTE,
  SECOND,
  sessionKinds,
  Timeline,
  turns,
} from '../../fixtures/timeline.ts';

const ALICE = 'alice';

/** Alice has just completed a handshake on an interface that was read before. */
function online(): Timeline {
  const timeline = new Timeline();
  timeline.peer(ALICE, { endpoint: '192.0.2.1:1000' });
  timeline.poll();
  timeline.wait(2 * SECOND).shakeHands(ALICE);
  timeline.poll();
  return timeline;
}

describe('a session', () => {
  it('starts with a handshake, at its time', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    timeline.poll();
    timeline.shakeHands(ALICE);
    const handshakeMs = timeline.epochSeconds() * 1000;
    const changes = timeline.next();
    expect(changes.sessions).toMatchObject([
      { kind: 'started', startedMs: handshakeMs, lastSeenMs: handshakeMs },
    ]);
    expect(eventTypes(changes)).toEqual(['SESSION_STARTED']);
    expect(changes.users).toMatchObject([{ lastSeenMs: handshakeMs }]);
  });

  it('ends at the last proof of life, once window and poll have passed', () => {
    const timeline = online();
    const provedMs = timeline.wallMs;
    expect(turns(timeline.pollFor(182 * SECOND))).toEqual([]);
    const changes = timeline.next();
    expect(changes.sessions).toEqual([
      { kind: 'ended', publicKey: ALICE, endedMs: provedMs, reason: 'TIMEOUT' },
    ]);
    expect(eventTypes(changes)).toEqual(['SESSION_ENDED']);
    expect(turns(timeline.pollFor(10 * MINUTE))).toEqual([]);
  });

  it('is prolonged by received bytes while the handshake is at most 180 seconds old', () => {
    const timeline = online();
    timeline.pollFor(170 * SECOND);
    timeline.peer(ALICE, { rx: 100n });
    const changes = timeline.next();
    expect(changes.sessions).toMatchObject([
      { kind: 'continued', lastSeenMs: timeline.wallMs, rxBytes: 100n },
    ]);
    expect(turns(timeline.pollFor(180 * SECOND))).toEqual([]);
  });

  it('is not prolonged by received bytes after 180 seconds, nor by sent ones', () => {
    const timeline = online();
    const provedMs = timeline.wallMs;
    const peer = timeline.peer(ALICE);
    timeline.pollFor(180 * SECOND, () => {
      peer.tx += 148n;
    });
    const later = timeline.pollFor(10 * SECOND, () => {
      peer.rx += 148n;
    });
    expect(turns(later)).toMatchObject([{ kind: 'ended', endedMs: provedMs }]);
  });

  it('is not started by received bytes without a handshake', () => {
    const timeline = new Timeline();
    const peer = timeline.peer(ALICE);
    timeline.poll();
    const found = timeline.pollFor(10 * MINUTE, () => {
      peer.rx += 148n;
    });
    expect(sessionKinds(found)).toEqual([]);
    expect(found.reduce((sum, changes) => sum + booked(changes, ALICE)[0], 0n)).toBe(peer.rx);
  });

  it('never flaps while handshakes come every 125 seconds', () => {
    const timeline = online();
    let shakenMs = timeline.wallMs;
    const found = timeline.pollFor(HOUR, () => {
      if (timeline.wallMs - shakenMs < 125 * SECOND) return;
      timeline.shakeHands(ALICE);
      shakenMs = timeline.wallMs;
    });
    expect(turns(found)).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
  });

  it('never starts before the end of the one before', () => {
    const timeline = online();
    timeline.peer(ALICE, { rx: 100n });
    timeline.wait(10 * SECOND).poll();
    timeline.interface().peers.clear();
    const [ended] = turns(timeline.next());
    // The handshake that came back is older than the end of the first session.
    timeline.peer(ALICE, { handshake: timeline.epochSeconds() - 10, rx: 1n });
    const [started] = turns(timeline.next());
    if (ended?.kind !== 'ended' || started?.kind !== 'started') throw new Error('No two sessions.');
    expect(started.startedMs).toBeGreaterThanOrEqual(ended.endedMs);
    expect(started.lastSeenMs).toBeGreaterThanOrEqual(started.startedMs);
  });

  it('counts the bytes that moved while it was open, no others', () => {
    const timeline = online();
    const peer = timeline.peer(ALICE, { rx: 100n, tx: 200n });
    expect(timeline.next().sessions).toMatchObject([
      { kind: 'continued', rxBytes: 100n, txBytes: 200n },
    ]);
    timeline.pollFor(190 * SECOND);
    peer.tx += 50n;
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([0n, 50n]);
    expect(changes.sessions).toEqual([]);
  });

  it('includes the first bytes that came with its handshake', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    timeline.poll();
    timeline.shakeHands(ALICE);
    timeline.peer(ALICE, { rx: 148n, tx: 92n });
    expect(timeline.next().sessions).toMatchObject([
      { kind: 'started', rxBytes: 148n, txBytes: 92n },
    ]);
  });

  it('ends at once when its peer is removed', () => {
    const timeline = online();
    const provedMs = timeline.wallMs;
    timeline.pollFor(20 * SECOND);
    timeline.interface().peers.clear();
    const changes = timeline.next();
    expect(changes.sessions).toEqual([
      { kind: 'ended', publicKey: ALICE, endedMs: provedMs, reason: 'PEER_REMOVED' },
    ]);
    expect(eventTypes(changes)).toEqual(['PEER_REMOVED', 'SESSION_ENDED']);
  });

  it('continues when its peer is replaced between two polls and completes a handshake', () => {
    const timeline = online();
    timeline.peer(ALICE, { rx: 0n, handshake: 0 });
    timeline.next();
    timeline.wait(16 * SECOND).shakeHands(ALICE);
    timeline.poll();
    expect(turns(timeline.pollFor(MINUTE))).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
  });

  it('continues when the endpoint changes, which is an event', () => {
    const timeline = online();
    timeline.peer(ALICE, { endpoint: '198.51.100.9:2000', rx: 10n });
    const changes = timeline.next();
    expect(turns(changes)).toEqual([]);
    expect(changes.events).toMatchObject([
      { type: 'ENDPOINT_CHANGED', publicKey: ALICE, endpoint: '198.51.100.9:2000' },
    ]);
    expect(changes.sessions).toMatchObject([{ kind: 'continued', endpoint: '198.51.100.9:2000' }]);
    expect(changes.users).toMatchObject([{ endpoint: '198.51.100.9:2000' }]);
    expect(eventTypes(timeline.next())).toEqual([]);
  });
});

describe('a user on two interfaces', () => {
  it('has the sum of the bytes, and is online through either', () => {
    const timeline = online();
    timeline.peer(ALICE, {}, 'wg1');
    timeline.next();
    timeline.peer(ALICE, { rx: 10n, tx: 1n });
    timeline.peer(ALICE, { rx: 20n, tx: 2n }, 'wg1');
    const changes = timeline.next();
    expect(changes.users).toHaveLength(1);
    expect(booked(changes, ALICE)).toEqual([30n, 3n]);
    expect(changes.sessions).toMatchObject([{ kind: 'continued', rxBytes: 30n, txBytes: 3n }]);
    const found = timeline.pollFor(10 * MINUTE, () => {
      if (timeline.wallMs % (120 * SECOND) === 0) timeline.shakeHands(ALICE, 'wg1');
    });
    expect(turns(found)).toEqual([]);
  });

  it('stays online when it is removed from one of them', () => {
    const timeline = online();
    timeline.peer(ALICE, { handshake: timeline.epochSeconds() }, 'wg1');
    timeline.next();
    timeline.interface('wg0').peers.clear();
    const changes = timeline.next();
    expect(turns(changes)).toEqual([]);
    expect(eventTypes(changes)).toEqual(['PEER_REMOVED']);
  });

  it('keeps its presence while one of them does not respond', () => {
    const timeline = online();
    timeline.peer(ALICE, {}, 'wg1');
    timeline.next();
    timeline.interface('wg0').answers = 'unknown';
    expect(turns(timeline.pollFor(10 * MINUTE))).toEqual([]);
  });
});

describe('ages of boringtun', () => {
  it('do not flap, and a new handshake is detected by its smaller age', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    timeline.poll();
    let shakenMs = timeline.monotonicMs;
    const found = timeline.pollFor(30 * MINUTE, () => {
      if (timeline.monotonicMs - shakenMs >= 125 * SECOND) shakenMs = timeline.monotonicMs;
      const wobbleMs = (timeline.monotonicMs / 2000) % 3 === 0 ? 999 : 0;
      const age = Math.floor((timeline.monotonicMs - shakenMs + wobbleMs) / 1000);
      timeline.peer(ALICE, { handshake: Math.max(1, age) });
    });
    expect(turns(found)).toMatchObject([{ kind: 'started' }]);
  });

  it('that only grow are not new handshakes, although they are rounded', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    timeline.poll();
    const shakenMs = timeline.monotonicMs;
    const found = timeline.pollFor(MINUTE, () => {
      const wobbleMs = (timeline.monotonicMs / 2000) % 3 === 0 ? 999 : 0;
      const age = Math.floor((timeline.monotonicMs - shakenMs + wobbleMs) / 1000);
      timeline.peer(ALICE, { handshake: Math.max(1, age) });
    });
    const later = found.slice(1);
    expect(later.flatMap(({ counters, users, sessions }) => [counters, users, sessions])).toEqual(
      later.flatMap(() => [[], [], []]),
    );
  });

  it('that only grow end the session at the handshake', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    timeline.poll();
    const shakenMs = timeline.wallMs;
    const found = timeline.pollFor(5 * MINUTE, () => {
      timeline.peer(ALICE, { handshake: Math.floor((timeline.wallMs - shakenMs) / 1000) });
    });
    const [started, ended, ...more] = turns(found);
    expect(more).toEqual([]);
    expect(started).toMatchObject({ kind: 'started', startedMs: shakenMs });
    expect(ended).toMatchObject({ kind: 'ended', endedMs: shakenMs, reason: 'TIMEOUT' });
  });
});
