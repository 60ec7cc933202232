import { describe, expect, it } from 'vitest';
import { booked, eventTypes, HOUR, SECOND, Timeline } from '../../fixtures/timeline.ts';

const ALICE = 'alice';

/** Alice was read with 1000 and 2000 bytes, which are booked. */
function settled(handshake = 0): Timeline {
  const timeline = new Timeline();
  timeline.poll();
  timeline.peer(ALICE, { rx: 1000n, tx: 2000n, handshake });
  timeline.next();
  return timeline;
}

const justNow = (timeline: Timeline) => timeline.epochSeconds();

describe('a poll that could not read an interface', () => {
  it('books nothing, and the next successful one books everything once', () => {
    const timeline = settled();
    timeline.interface().answers = 'unknown';
    timeline.peer(ALICE, { rx: 1500n, tx: 2600n });
    for (let i = 0; i < 3; i++) {
      const changes = timeline.next();
      expect(changes).toMatchObject({ users: [], counters: [], traffic: [], events: [] });
      expect(changes.interfaces).toEqual([]);
    }
    timeline.interface().answers = 'yes';
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([500n, 600n]);
    expect(changes.traffic).toMatchObject([{ gapMs: 8 * SECOND }]);
    expect(booked(timeline.next(), ALICE)).toEqual([0n, 0n]);
  });

  it('does not affect another interface', () => {
    const timeline = settled();
    timeline.peer('bob', { rx: 10n }, 'wg1');
    timeline.next();
    timeline.interface().answers = 'unknown';
    timeline.peer('bob', { rx: 15n }, 'wg1');
    expect(booked(timeline.next(), 'bob')).toEqual([5n, 0n]);
  });

  it('does not hide that the interface was re-created meanwhile', () => {
    const timeline = settled();
    timeline.interface().answers = 'unknown';
    timeline.interface().generation = '2';
    timeline.next();
    timeline.interface().answers = 'yes';
    timeline.peer(ALICE, { rx: 9000n, tx: 9000n });
    expect(booked(timeline.next(), ALICE)).toEqual([9000n, 9000n]);
  });
});

describe('a poll that could not be written', () => {
  it('is computed again from the same marks, once', () => {
    const timeline = settled();
    timeline.peer(ALICE, { rx: 1500n });
    expect(booked(timeline.wait(2 * SECOND).peek(), ALICE)).toEqual([500n, 0n]);
    timeline.peer(ALICE, { rx: 1700n });
    expect(booked(timeline.next(), ALICE)).toEqual([700n, 0n]);
    expect(booked(timeline.next(), ALICE)).toEqual([0n, 0n]);
  });

  it('does not change the state', () => {
    const timeline = settled();
    const before = structuredClone(timeline.state);
    timeline.peer(ALICE, { rx: 1n, handshake: justNow(timeline) });
    timeline.peer('bob', { rx: 5n });
    timeline.peek();
    expect(timeline.state).toEqual(before);
  });
});

describe('an interface that is down', () => {
  it('is reported once, and continues from its marks when it comes back unchanged', () => {
    const timeline = settled();
    timeline.interface().answers = 'absent';
    const down = timeline.next();
    expect(down.interfaces).toEqual([{ kind: 'down', name: 'wg0' }]);
    expect(eventTypes(down)).toEqual(['INTERFACE_DOWN']);
    expect(timeline.next()).toMatchObject({ events: [], counters: [] });
    timeline.interface().answers = 'yes';
    timeline.peer(ALICE, { rx: 1100n });
    const up = timeline.next();
    expect(booked(up, ALICE)).toEqual([100n, 0n]);
    expect(eventTypes(up)).toEqual(['INTERFACE_UP']);
  });

  it('and is re-created is booked completely, also for peers that appear later', () => {
    const timeline = settled();
    timeline.interface().answers = 'absent';
    timeline.next();
    timeline.interface().answers = 'yes';
    timeline.interface().generation = '2';
    timeline.interface().peers.clear();
    timeline.next();
    timeline.peer(ALICE, { rx: 5000n, tx: 5000n });
    expect(booked(timeline.next(), ALICE)).toEqual([5000n, 5000n]);
  });
});

describe('the wall clock', () => {
  it.each([
    ['forth', HOUR],
    ['back', -HOUR],
  ])('set %s by an hour changes no bytes', (_, jumpMs) => {
    const timeline = settled();
    timeline.peer(ALICE, { rx: 1500n });
    timeline.wallMs += jumpMs;
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([500n, 0n]);
    expect(changes.traffic).toMatchObject([{ rxBytes: 500n, gapMs: 2 * SECOND }]);
    expect(changes.events).toEqual([]);
    expect(booked(timeline.next(), ALICE)).toEqual([0n, 0n]);
  });
});
