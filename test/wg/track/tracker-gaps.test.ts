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

function online(): Timeline {
  const timeline = new Timeline();
  timeline.peer(ALICE);
  timeline.poll();
  timeline.wait(2 * SECOND).shakeHands(ALICE);
  timeline.poll();
  return timeline;
}

describe('an interface that does not answer', () => {
  it('keeps presence as it was, for however long', () => {
    const timeline = online();
    timeline.interface().answers = 'unknown';
    expect(sessionKinds(timeline.pollFor(HOUR))).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
  });

  it('starts no session either', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    timeline.poll();
    timeline.interface().answers = 'unknown';
    timeline.shakeHands(ALICE);
    expect(sessionKinds(timeline.pollFor(MINUTE))).toEqual([]);
  });
});

describe('an interface that no longer exists', () => {
  it('ends its sessions at their last proof once the window has passed, not before', () => {
    const timeline = online();
    const provedMs = timeline.wallMs;
    timeline.interface().answers = 'absent';
    expect(turns(timeline.pollFor(182 * SECOND))).toEqual([]);
    expect(turns(timeline.next())).toEqual([
      { kind: 'ended', publicKey: ALICE, endedMs: provedMs, reason: 'INTERFACE_DOWN' },
    ]);
    expect(turns(timeline.pollFor(HOUR))).toEqual([]);
  });

  it('and comes back within the window continues the session', () => {
    const timeline = online();
    timeline.interface().answers = 'absent';
    timeline.pollFor(MINUTE);
    timeline.interface().answers = 'yes';
    timeline.shakeHands(ALICE);
    expect(turns(timeline.next())).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
  });

  it('and is re-created without the peer ends the session after the window', () => {
    const timeline = online();
    const provedMs = timeline.wallMs;
    timeline.interface().peers.clear();
    timeline.interface().generation = '2';
    const found = timeline.pollFor(5 * MINUTE);
    expect(turns(found)).toMatchObject([{ kind: 'ended', endedMs: provedMs }]);
  });
});

describe('a gap in the record', () => {
  it('longer than the window ends the session at its last proof and starts another', () => {
    const timeline = online();
    const provedMs = timeline.wallMs;
    timeline.wait(10 * MINUTE).shakeHands(ALICE);
    const shakenMs = timeline.wallMs;
    timeline.peer(ALICE, { rx: 100n });
    const changes = timeline.poll();
    expect(turns(changes)).toMatchObject([
      { kind: 'ended', endedMs: provedMs, reason: 'MONITOR_GAP' },
      { kind: 'started', startedMs: shakenMs, rxBytes: 0n, txBytes: 0n },
    ]);
    expect(eventTypes(changes)).toEqual(['MONITOR_GAP', 'SESSION_ENDED', 'SESSION_STARTED']);
    expect(booked(changes, ALICE)).toEqual([100n, 0n]);
    expect(changes.traffic).toMatchObject([{ rxBytes: 100n, gapMs: 10 * MINUTE }]);
  });

  it('longer than the window is an event with its length in whole seconds', () => {
    const timeline = online();
    timeline.wait(10 * MINUTE + 400);
    expect(timeline.poll().events).toMatchObject([
      { type: 'MONITOR_GAP', interface: 'wg0', reason: '600' },
      { type: 'SESSION_ENDED' },
    ]);
  });

  it('longer than the window starts no session by received bytes alone', () => {
    const timeline = online();
    timeline.wait(10 * MINUTE);
    timeline.peer(ALICE, { rx: 100n });
    expect(turns(timeline.poll())).toMatchObject([{ kind: 'ended', reason: 'MONITOR_GAP' }]);
    expect(timeline.isOnline(ALICE)).toBe(false);
  });

  it('longer than the window proves life at the handshake within it, not by bytes until now', () => {
    const timeline = online();
    timeline.wait(5 * MINUTE).shakeHands(ALICE);
    const shakenMs = timeline.wallMs;
    timeline.wait(100 * SECOND);
    timeline.peer(ALICE, { rx: 100n });
    expect(turns(timeline.poll())).toMatchObject([
      { kind: 'ended', reason: 'MONITOR_GAP' },
      { kind: 'started', startedMs: shakenMs, lastSeenMs: shakenMs },
    ]);
  });

  it('longer than the window starts no session by an old handshake', () => {
    const timeline = online();
    timeline.wait(5 * MINUTE).shakeHands(ALICE);
    timeline.wait(10 * MINUTE);
    expect(turns(timeline.poll())).toMatchObject([{ kind: 'ended', reason: 'MONITOR_GAP' }]);
  });

  it.each([
    ['a second', SECOND],
    ['the whole window', 180 * SECOND],
  ])('of %s, as at a restart, continues the session', (_, gapMs) => {
    const timeline = online();
    timeline.wait(gapMs);
    timeline.shakeHands(ALICE);
    const changes = timeline.poll();
    expect(turns(changes)).toEqual([]);
    expect(eventTypes(changes)).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
  });

  it('of one interface ends no session of a user that is read on another', () => {
    const timeline = online();
    timeline.peer(ALICE, {}, 'wg1');
    timeline.next();
    timeline.interface('wg1').answers = 'unknown';
    const shake = () => {
      if (timeline.wallMs % (100 * SECOND) === 0) timeline.shakeHands(ALICE);
    };
    timeline.pollFor(10 * MINUTE, shake);
    timeline.interface('wg1').answers = 'yes';
    expect(turns(timeline.pollFor(10 * SECOND, shake))).toEqual([]);
  });

  it('is measured for each interface separately', () => {
    const timeline = online();
    timeline.peer('bob', {}, 'wg1');
    timeline.next();
    timeline.interface('wg1').answers = 'unknown';
    timeline.pollFor(10 * MINUTE);
    timeline.interface('wg1').answers = 'yes';
    timeline.peer(ALICE, { tx: 1n });
    timeline.peer('bob', { tx: 1n }, 'wg1');
    const { traffic } = timeline.next();
    expect(traffic).toMatchObject([
      { publicKey: ALICE, gapMs: 2 * SECOND },
      { publicKey: 'bob', gapMs: 10 * MINUTE + 2 * SECOND },
    ]);
  });
});

describe('a jump of the wall clock', () => {
  it.each([
    ['forth', HOUR],
    ['back', -HOUR],
  ])('%s by an hour starts and ends no session', (_, jumpMs) => {
    const timeline = online();
    timeline.peer('idle');
    timeline.next();
    const shakeOften = () => {
      if (timeline.monotonicMs % (100 * SECOND) === 0) timeline.shakeHands(ALICE);
    };
    timeline.pollFor(5 * MINUTE, shakeOften);
    timeline.wallMs += jumpMs;
    expect(turns(timeline.pollFor(20 * MINUTE, shakeOften))).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
    expect(timeline.isOnline('idle')).toBe(false);
  });

  it.each([
    ['forth', HOUR],
    ['back', -HOUR],
  ])('%s by an hour neither keeps an idle peer online nor makes its proof newer', (_, jumpMs) => {
    const timeline = online();
    timeline.pollFor(100 * SECOND);
    timeline.wallMs += jumpMs;
    expect(turns(timeline.pollFor(82 * SECOND))).toEqual([]);
    expect(turns(timeline.next())).toMatchObject([{ kind: 'ended', reason: 'TIMEOUT' }]);
    timeline.wallMs += jumpMs;
    expect(turns(timeline.pollFor(10 * MINUTE))).toEqual([]);
  });

  it.each([
    ['forth', HOUR],
    ['back', -HOUR],
  ])('%s by an hour does not hide a handshake that was completed just before', (_, jumpMs) => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    timeline.poll();
    timeline.shakeHands(ALICE);
    timeline.wallMs += jumpMs;
    expect(turns(timeline.next())).toMatchObject([{ kind: 'started' }]);
    expect(turns(timeline.pollFor(178 * SECOND))).toEqual([]);
    expect(turns(timeline.pollFor(6 * SECOND))).toMatchObject([{ kind: 'ended' }]);
  });

  it('back leaves no session that ends before it starts, or starts before the last one', () => {
    const timeline = online();
    timeline.wallMs -= HOUR;
    const found = timeline.pollFor(5 * MINUTE);
    timeline.shakeHands(ALICE);
    found.push(timeline.next());
    timeline.peer(ALICE, { rx: 10n });
    found.push(timeline.next());
    timeline.interface().peers.clear();
    found.push(timeline.next());
    const [ended, started, last] = turns(found);
    if (ended?.kind !== 'ended' || started?.kind !== 'started' || last?.kind !== 'ended') {
      throw new Error('There are not two sessions.');
    }
    expect(started.startedMs).toBeGreaterThanOrEqual(ended.endedMs);
    expect(last.endedMs).toBeGreaterThanOrEqual(started.startedMs);
  });
});

describe('a handshake in the future', () => {
  it('proves nothing at first, nor do bytes, until it changes', () => {
    const timeline = new Timeline();
    const peer = timeline.peer(ALICE, { handshake: timeline.epochSeconds() + 3600 });
    timeline.poll();
    const found = timeline.pollFor(10 * MINUTE, () => {
      peer.rx += 100n;
    });
    expect(sessionKinds(found)).toEqual([]);
    timeline.shakeHands(ALICE);
    expect(turns(timeline.next())).toMatchObject([{ kind: 'started' }]);
  });

  it('proves nothing when that time is reached either', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE, { handshake: timeline.epochSeconds() + 60 });
    timeline.poll();
    expect(sessionKinds(timeline.pollFor(5 * MINUTE))).toEqual([]);
  });
});
