import { describe, expect, it } from 'vitest';
import { booked, eventTypes, MINUTE, Timeline } from '../../fixtures/timeline.ts';

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

describe('an interface that was never read before', () => {
  it('has its counters as opening balance, outside any quarter hour and session', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE, { rx: 1000n, tx: 2000n, handshake: justNow(timeline) });
    const changes = timeline.poll();
    expect(changes.users).toMatchObject([
      { rxBytes: 1000n, txBytes: 2000n, openingRxBytes: 1000n, openingTxBytes: 2000n },
    ]);
    expect(changes.traffic).toEqual([]);
    expect(changes.sessions).toMatchObject([{ kind: 'started', rxBytes: 0n, txBytes: 0n }]);
  });

  it('that did not respond at first still has an opening balance', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE, { rx: 1000n });
    timeline.interface().answers = 'unknown';
    expect(timeline.poll().users).toEqual([]);
    timeline.interface().answers = 'yes';
    expect(timeline.next().users).toMatchObject([{ rxBytes: 1000n, openingRxBytes: 1000n }]);
  });

  it('has its own opening balance if another interface is known', () => {
    const timeline = settled();
    timeline.peer(ALICE, { rx: 1100n, tx: 2000n });
    timeline.peer(ALICE, { rx: 7000n, tx: 0n }, 'wg1');
    const changes = timeline.next();
    expect(changes.users).toMatchObject([
      { rxBytes: 7100n, txBytes: 0n, openingRxBytes: 7000n, openingTxBytes: 0n },
    ]);
    expect(changes.traffic).toMatchObject([{ rxBytes: 100n, txBytes: 0n }]);
  });

  it('registers peers that never moved a byte', () => {
    const timeline = new Timeline();
    timeline.peer(ALICE);
    expect(timeline.poll().users).toMatchObject([{ publicKey: ALICE, rxBytes: 0n, txBytes: 0n }]);
  });
});

describe('a counter', () => {
  const shaken = Math.floor(Date.UTC(2026, 0, 15, 11, 0, 0) / 1000);
  it.each([
    ['nothing while it does not change', shaken, { rx: 1000n, tx: 2000n }, [0n, 0n], false],
    ['the difference while both grow', shaken, { rx: 1500n, tx: 2001n }, [500n, 1n], false],
    ['the difference while one grows', shaken, { rx: 1000n, tx: 2001n }, [0n, 1n], false],
    ['all when received bytes fell', shaken, { rx: 999n, tx: 5000n }, [999n, 5000n], true],
    ['all when sent bytes fell', shaken, { rx: 5000n, tx: 1n }, [5000n, 1n], true],
    ['nothing when both fell to zero', shaken, { rx: 0n, tx: 0n }, [0n, 0n], true],
    [
      'all when the handshake is gone, though both are bigger',
      shaken,
      { rx: 5000n, tx: 6000n, handshake: 0 },
      [5000n, 6000n],
      true,
    ],
    [
      'the difference where there never was a handshake',
      0,
      { rx: 5000n, tx: 6000n, handshake: 0 },
      [4000n, 4000n],
      false,
    ],
    [
      'the exact difference near the end of the range',
      shaken,
      { rx: 2n ** 63n - 1n, tx: 2n ** 53n + 1n },
      [2n ** 63n - 1001n, 2n ** 53n - 1999n],
      false,
    ],
  ] as const)('books %s', (_, handshake, change, expected, isReset) => {
    const timeline = settled(handshake);
    timeline.peer(ALICE, change);
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual(expected);
    expect(changes.traffic.map(({ rxBytes, txBytes }) => [rxBytes, txBytes])).toEqual(
      expected[0] + expected[1] > 0n ? [expected] : [],
    );
    expect(eventTypes(changes)).toEqual(isReset ? ['COUNTER_RESET'] : []);
    expect(booked(timeline.next(), ALICE)).toEqual([0n, 0n]);
  });

  it('of another generation is booked completely, although it is larger than the old one', () => {
    const timeline = settled(shaken);
    timeline.interface().generation = '2';
    timeline.peer(ALICE, { rx: 9000n, tx: 9000n });
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([9000n, 9000n]);
    expect(changes.events).toMatchObject([
      { type: 'INTERFACE_UP', interface: 'wg0', reason: 'RECREATED' },
      { type: 'COUNTER_RESET', publicKey: ALICE },
    ]);
    timeline.peer(ALICE, { rx: 9001n });
    expect(booked(timeline.next(), ALICE)).toEqual([1n, 0n]);
  });

  it('of a peer that appears on a known interface is booked as traffic', () => {
    const timeline = settled();
    timeline.peer('bob', { rx: 300n, tx: 400n });
    const changes = timeline.next();
    expect(changes.users).toMatchObject([
      { publicKey: 'bob', rxBytes: 300n, txBytes: 400n, openingRxBytes: 0n, openingTxBytes: 0n },
    ]);
    expect(changes.traffic).toMatchObject([{ publicKey: 'bob', rxBytes: 300n, txBytes: 400n }]);
  });

  it('of a peer that was removed starts at zero, although it is larger', () => {
    const timeline = settled(shaken);
    timeline.interface().peers.clear();
    const gone = timeline.next();
    expect(gone.counters).toMatchObject([{ publicKey: ALICE, present: false }]);
    expect(eventTypes(gone)).toEqual(['PEER_REMOVED']);
    expect(timeline.next()).toMatchObject({ counters: [], events: [] });
    timeline.peer(ALICE, { rx: 4000n, tx: 4000n });
    const back = timeline.next();
    expect(booked(back, ALICE)).toEqual([4000n, 4000n]);
    expect(eventTypes(back)).toEqual(['PEER_ADDED']);
  });

  it('continues if a response had omitted the peer', () => {
    const timeline = settled(shaken);
    const { peers } = timeline.interface();
    const shown = new Map(peers);
    peers.clear();
    timeline.next();
    for (const [publicKey, peer] of shown) timeline.peer(publicKey, { ...peer, rx: 1300n });
    expect(booked(timeline.next(), ALICE)).toEqual([300n, 0n]);
  });

  it('is not reset if WireGuard does not report the last handshake', () => {
    const timeline = settled(shaken);
    timeline.peer(ALICE, { rx: 1007n, handshake: null });
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([7n, 0n]);
    expect(eventTypes(changes)).toEqual([]);
  });

  it('of a peer that was replaced between two polls is booked completely', () => {
    const timeline = settled(shaken);
    timeline.interface().peers.clear();
    timeline.peer(ALICE, { rx: 10n, tx: 20n });
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([10n, 20n]);
    expect(eventTypes(changes)).toEqual(['COUNTER_RESET']);
  });

  it('does not depend on the order of the peers', () => {
    const timeline = settled();
    timeline.peer('bob', { rx: 5n });
    timeline.next();
    const reversed = [...timeline.interface().peers].reverse();
    timeline.interface().peers.clear();
    for (const [publicKey, peer] of reversed) timeline.peer(publicKey, peer);
    expect(timeline.next()).toMatchObject({ users: [], counters: [], traffic: [], events: [] });
  });

  it('with an impossible value makes only its peer unknown', () => {
    const timeline = settled(shaken);
    timeline.peer('bob', { rx: 5n });
    timeline.next();
    timeline.interface().unreal.add(ALICE);
    timeline.peer('bob', { rx: 7n });
    const changes = timeline.next();
    expect(booked(changes, ALICE)).toEqual([0n, 0n]);
    expect(booked(changes, 'bob')).toEqual([2n, 0n]);
    expect(eventTypes(changes)).toEqual([]);
    timeline.interface().unreal.clear();
    timeline.peer(ALICE, { rx: 1500n });
    expect(booked(timeline.next(), ALICE)).toEqual([500n, 0n]);
  });

  it('of a peer that could not be read for long is booked over all that time', () => {
    const timeline = settled(shaken);
    timeline.interface().unreal.add(ALICE);
    timeline.pollFor(20 * MINUTE);
    timeline.interface().unreal.clear();
    timeline.peer(ALICE, { rx: 1500n });
    const [booking] = timeline.next().traffic;
    expect(booking?.gapMs).toBeGreaterThanOrEqual(20 * MINUTE);
  });
});
