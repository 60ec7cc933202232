import { describe, expect, it } from 'vitest';
import { EMPTY_STATE } from '../../../src/domain/tracking/tracker-state.ts';
import type { PeerSnapshot, Snapshot } from '../../../src/domain/wireguard/snapshot.ts';
import { track } from '../../../src/wg/track/tracker.ts';
import { WINDOW } from '../../fixtures/timeline.ts';

const NOW = { wallMs: Date.UTC(2026, 0, 15), monotonicMs: 1_000_000 };

/** A snapshot of so many peers, which counts how often one of them is looked at. */
function countedSnapshot(peers: number) {
  const seen = { peers: 0 };
  const all = Array.from({ length: peers }, (_, index): PeerSnapshot => {
    const peer = {
      publicKey: `peer-${index}`,
      endpoint: null,
      allowedIps: ['10.0.0.2/32'],
      latestHandshake: 0,
      rxBytes: 1n,
      txBytes: 1n,
      persistentKeepaliveSeconds: null,
      presharedKeyDigest: null,
    };
    return Object.defineProperty(peer, 'endpoint', {
      get: () => {
        seen.peers++;
        return null;
      },
    });
  });
  const read = {
    kind: 'read',
    publicKey: null,
    listenPort: 1,
    peers: all,
    unknownPeers: [],
  } as const;
  const snapshot: Snapshot = {
    notice: null,
    interfaces: [{ name: 'wg0', generation: { ifindex: '1' }, read }],
  };
  return { snapshot, seen };
}

describe('tracking a large interface', () => {
  it('gives other work a turn after every thousand peers', () => {
    const { snapshot, seen } = countedSnapshot(10_000);
    const steps = track(EMPTY_STATE, snapshot, NOW, WINDOW);
    let turns = 0;
    let before = 0;
    let looksOfOne: number | null = null;
    for (let step = steps.next(); !step.done; step = steps.next()) {
      turns++;
      looksOfOne ??= seen.peers / 1_000;
      expect(seen.peers - before).toBeLessThanOrEqual(1_000 * looksOfOne);
      before = seen.peers;
    }
    // For the peers, and once more for their users.
    expect(turns).toBe(20);
  });
});
