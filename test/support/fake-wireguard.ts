import { generateKeyPairSync } from 'node:crypto';
import type { Clock } from '../../src/clock.ts';
import type { Text } from '../../src/errors.ts';
import type { InterfaceReading, PeerReading, ReadSnapshot } from '../../src/wg/reading.ts';

export interface TestClock extends Clock {
  /** Lets time pass on both clocks. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an operator does. */
  jump(ms: number): void;
}

/** A clock that stands still until it is told otherwise. */
export function testClock(startMs = Date.UTC(2026, 0, 15, 12, 0, 0)): TestClock {
  let wallMs = startMs;
  let monotonicMs = 1_000_000;
  return {
    wallMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    advance: (ms) => {
      wallMs += ms;
      monotonicMs += ms;
    },
    jump: (ms) => {
      wallMs += ms;
    },
  };
}

export function newPublicKey(): string {
  const { publicKey } = generateKeyPairSync('x25519');
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}

export type FakePeer = { -readonly [K in keyof PeerReading]: PeerReading[K] };

/** An interface whose counters tests move by hand. */
export interface FakeInterface {
  readonly name: string;
  readonly peers: Map<string, FakePeer>;
  /** Adds a peer as `wg set` would: counters at zero unless given. */
  addPeer(peer?: Partial<FakePeer>): FakePeer;
  /** Completes a handshake now. */
  shakeHands(peer: FakePeer): void;
  /** Takes all peers off and begins anew, as after `wg-quick down` and `up`. */
  recreate(): void;
  /** null: it answers. Otherwise it does not, for this reason. */
  unknown: Text | null;
  /** false: the system does not have it. */
  exists: boolean;
}

export interface FakeWireGuard {
  readonly read: ReadSnapshot;
  interface(name?: string): FakeInterface;
  /** How many times it was read. */
  readonly reads: number;
}

/** A WireGuard in memory. Time is the given clock's. */
export function fakeWireGuard(clock: Clock): FakeWireGuard {
  const interfaces = new Map<string, FakeInterface & { generation: number }>();
  let reads = 0;
  return {
    get reads() {
      return reads;
    },
    interface: (name = 'wg0') => {
      const known = interfaces.get(name);
      if (known !== undefined) return known;
      const created = newInterface(name, clock);
      interfaces.set(name, created);
      return created;
    },
    read: async () => {
      reads++;
      const existing = [...interfaces.values()].filter(({ exists }) => exists);
      return { notice: null, interfaces: existing.map(readingOf) };
    },
  };
}

function newInterface(name: string, clock: Clock): FakeInterface & { generation: number } {
  const peers = new Map<string, FakePeer>();
  return {
    name,
    peers,
    generation: 1,
    unknown: null,
    exists: true,
    addPeer: (given = {}) => {
      const peer: FakePeer = {
        publicKey: newPublicKey(),
        endpoint: null,
        allowedIps: [],
        latestHandshake: 0,
        rxBytes: 0n,
        txBytes: 0n,
        persistentKeepaliveSeconds: null,
        ...given,
      };
      peers.set(peer.publicKey, peer);
      return peer;
    },
    shakeHands: (peer) => {
      peer.latestHandshake = Math.floor(clock.wallMs() / 1000);
      peer.endpoint ??= '192.0.2.1:40000';
    },
    recreate() {
      peers.clear();
      this.generation++;
    },
  };
}

function readingOf(one: FakeInterface & { generation: number }): InterfaceReading {
  return {
    name: one.name,
    generation: { ifindex: String(one.generation) },
    read:
      one.unknown !== null
        ? { kind: 'unknown', reason: one.unknown }
        : {
            kind: 'read',
            publicKey: null,
            listenPort: 51820,
            peers: [...one.peers.values()].map((peer) => ({ ...peer })),
            unknownPeers: [],
          },
  };
}
