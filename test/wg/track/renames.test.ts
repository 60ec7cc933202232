import { describe, expect, it } from 'vitest';
import { booked, Timeline, turns } from '../../fixtures/timeline.ts';

const ALICE = 'alice';
const BOB = 'bob';

/** Alice on wg0 with 1000 and 2000 bytes, which are booked, online. */
function settled(): Timeline {
  const timeline = new Timeline();
  timeline.peer(ALICE, { rx: 1000n, tx: 2000n });
  timeline.shakeHands(ALICE);
  timeline.poll();
  return timeline;
}

describe('an interface that was renamed', () => {
  it('continues its counters', () => {
    const timeline = settled().rename({ wg0: 'wg1' });
    timeline.peer(ALICE, { rx: 1500n, tx: 2001n }, 'wg1');
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([500n, 1n]);
    expect(changes.traffic).toMatchObject([{ rxBytes: 500n, txBytes: 1n }]);
    expect(changes.interfaces).toMatchObject([
      { kind: 'renamed', name: 'wg1', from: 'wg0' },
      { kind: 'read', name: 'wg1' },
    ]);
    expect(changes.events).toMatchObject([
      { type: 'INTERFACE_UP', interface: 'wg1', reason: 'RENAMED' },
    ]);
  });

  it('takes no user offline', () => {
    const timeline = settled().rename({ wg0: 'wg1' });
    expect(turns(timeline.next())).toEqual([]);
    expect(timeline.isOnline(ALICE)).toBe(true);
  });

  it('books every byte once when its name comes back', () => {
    const timeline = settled().rename({ wg0: 'wg1' });
    timeline.next();
    timeline.rename({ wg1: 'wg0' });
    timeline.peer(ALICE, { rx: 1700n, tx: 2000n });
    expect(booked(timeline.next(), ALICE)).toEqual([700n, 0n]);
  });

  it('is recognized even if it did not respond at first under its new name', () => {
    const timeline = settled().rename({ wg0: 'wg1' });
    timeline.interface('wg1').answers = 'unknown';
    timeline.next();
    timeline.interface('wg1').answers = 'yes';
    timeline.peer(ALICE, { rx: 1001n, tx: 2000n }, 'wg1');
    expect(booked(timeline.next(), ALICE)).toEqual([1n, 0n]);
  });

  it('may exchange names with another one', () => {
    const timeline = settled();
    timeline.peer(BOB, { rx: 7n }, 'wg1');
    timeline.next();
    timeline.rename({ wg0: 'wg1', wg1: 'wg0' });
    timeline.peer(BOB, { rx: 8n }, 'wg0');
    timeline.peer(ALICE, { rx: 1003n, tx: 2000n }, 'wg1');
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([3n, 0n]);
    expect(booked(changes, BOB)).toEqual([1n, 0n]);
  });

  it('replaces the state of a device that had its new name', () => {
    const timeline = settled();
    timeline.peer(ALICE, { rx: 50n }, 'wg1');
    timeline.next();
    timeline.interfaces.delete('wg1');
    timeline.next();
    timeline.rename({ wg0: 'wg1' });
    timeline.peer(ALICE, { rx: 1100n, tx: 2000n }, 'wg1');
    expect(booked(timeline.next(), ALICE)).toEqual([100n, 0n]);
  });
});

describe('an interface that was not renamed', () => {
  it('starts with its own counters if another device was removed', () => {
    const timeline = settled();
    timeline.interfaces.delete('wg0');
    timeline.peer(ALICE, { rx: 1500n, tx: 2001n }, 'wg1');
    expect(booked(timeline.next(), ALICE)).toEqual([1500n, 2001n]);
  });

  it('starts with its own counters if an index was reused and no peer is the same', () => {
    const timeline = settled().rename({ wg0: 'wg1' });
    timeline.interface('wg1').peers.clear();
    timeline.peer(BOB, { rx: 5n }, 'wg1');
    expect(timeline.next().interfaces).toMatchObject([
      { kind: 'read', name: 'wg1' },
      { kind: 'down', name: 'wg0' },
    ]);
  });
});
