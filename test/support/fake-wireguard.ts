import { generateKeyPairSync } from 'node:crypto';
import { type Clock, systemClock } from '../../src/clock.ts';
import { AppError, type Text } from '../../src/errors.ts';
import { isEmpty, type TableContents } from '../../src/wg/nft/layout.ts';
import { changeTo } from '../../src/wg/nft/script.ts';
import type { WantedControl } from '../../src/wg/nft/traffic-control.ts';
import { wantedContents } from '../../src/wg/nft/wanted.ts';
import { presharedKeyDigest } from '../../src/wg/preshared-key.ts';
import type { InterfaceReading, PeerReading } from '../../src/wg/reading.ts';
import type { WireGuard } from '../../src/wg/wireguard.ts';
import { plant, publish } from './outlet.ts';

export interface TestClock extends Clock {
  /** Ends all that sleeps on it, at the present time. */
  wake(): void;
  /** Somebody sleeps on it: the poller, between two polls. */
  readonly hasSleeper: boolean;
  /** Lets time pass on both clocks. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an operator does. */
  jump(ms: number): void;
}

/**
 * A clock that stands still until it is told otherwise. Who sleeps on it wakes after real time, or when
 * the test says so.
 */
export function testClock(startMs = Date.UTC(2026, 0, 15, 12, 0, 0)): TestClock {
  let wallMs = startMs;
  let monotonicMs = 1_000_000;
  const sleepers = new Set<() => void>();
  return {
    sleep: async (ms, signal) => {
      let end: () => void = () => {};
      const woken = new Promise<void>((resolve) => {
        end = resolve;
      });
      sleepers.add(end);
      await Promise.race([woken, systemClock.sleep(ms, signal)]);
      sleepers.delete(end);
    },
    wake: () => {
      for (const end of sleepers) end();
      sleepers.clear();
    },
    get hasSleeper() {
      return sleepers.size > 0;
    },
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
  return publish(
    publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
  );
}

export type FakePeer = { -readonly [K in keyof PeerReading]: PeerReading[K] };

/** An interface whose counters tests move by hand. */
export interface FakeInterface {
  readonly name: string;
  readonly peers: Map<string, FakePeer>;
  /** Adds a peer as `wg set` would: counters at zero unless given. */
  addPeer(peer?: Partial<FakePeer>): FakePeer;
  /** By public key; absent is none. */
  readonly presharedKeys: Map<string, string>;
  /** Completes a handshake now. */
  shakeHands(peer: FakePeer): void;
  /** Takes all peers off and begins anew, as after `wg-quick down` and `up`. */
  recreate(): void;
  /** null: it answers. Otherwise it does not, for this reason. */
  unknown: Text | null;
  /** false: the system does not have it. */
  exists: boolean;
  /** Its own key; none unless given. */
  publicKey?: string;
}

export interface FakeWireGuard extends Omit<WireGuard, 'read'> {
  read: WireGuard['read'];
  /** Every command that was run, such as `remove wg0 KEY KEY`. */
  readonly writes: string[];
  /** What nftables was last asked to hold. */
  readonly controlled: WantedControl | null;
  /** Adding peers fails, as with a full disk. */
  refusesPuts: boolean;
  /** The interfaces' own addresses; null where the system does not tell. */
  networks: readonly string[] | null;
  /** Prefixes that are routed to every interface. */
  routes: readonly string[];
  /** Under which the internet reaches the machine. */
  publicAddress: string | null;
  interface(name?: string): FakeInterface;
  /** How many times it was read. */
  readonly reads: number;
}

/** A WireGuard in memory. Time is the given clock's. */
export function fakeWireGuard(clock: Clock): FakeWireGuard {
  const interfaces = new Map<string, FakeInterface & { generation: number }>();
  let reads = 0;
  let networks: readonly string[] | null = ['10.8.0.1/24'];
  let routes: readonly string[] = [];
  let publicAddress: string | null = '198.51.100.7';
  let refusesPuts = false;
  let controlled: WantedControl | null = null;
  let table: TableContents | null = null;
  const writes: string[] = [];
  const find = (name: string) => {
    const found = interfaces.get(name);
    if (found === undefined || !found.exists || found.unknown !== null) {
      throw new AppError('UNAVAILABLE', { en: `No ${name} here.`, zh: `没有 ${name}。` });
    }
    return found;
  };
  return {
    writes,
    get refusesPuts() {
      return refusesPuts;
    },
    set refusesPuts(value) {
      refusesPuts = value;
    },
    get networks() {
      return networks;
    },
    set networks(value) {
      networks = value;
    },
    get controlled() {
      return controlled;
    },
    hostNetworks: {
      networksOf: (name) => {
        if (networks === null) {
          throw new AppError('UNAVAILABLE', { en: 'Addresses unknown.', zh: '地址未知。' });
        }
        return interfaces.get(name)?.exists ? networks : [];
      },
      routesOf: () => routes,
      networksBeside: () => ['192.0.2.10/24'],
      publicAddress: async () => publicAddress,
    },
    get routes() {
      return routes;
    },
    set routes(value) {
      routes = value;
    },
    get publicAddress() {
      return publicAddress;
    },
    set publicAddress(value) {
      publicAddress = value;
    },
    control: {
      apply: async (wanted) => {
        const contents = wantedContents(wanted);
        const { limitedUserIds } = changeTo(contents, table);
        controlled = wanted;
        table = isEmpty(contents) ? null : contents;
        return { limitedUserIds };
      },
      isThere: async () => controlled !== null,
      cleanup: async () => {
        controlled = null;
        table = null;
      },
    },
    commands: {
      silence: async (name, publicKeys) => {
        const one = find(name);
        writes.push(`silence ${name} ${publicKeys.join(' ')}`);
        for (const publicKey of publicKeys) {
          const peer = one.peers.get(publicKey);
          if (peer !== undefined) peer.allowedIps = [];
        }
      },
      remove: async (name, publicKeys) => {
        const one = find(name);
        writes.push(`remove ${name} ${publicKeys.join(' ')}`);
        for (const publicKey of publicKeys) {
          one.peers.delete(publicKey);
          one.presharedKeys.delete(publicKey);
        }
      },
      put: async (name, configs) => {
        const one = find(name);
        if (refusesPuts) throw new AppError('UNAVAILABLE', { en: 'Refused.', zh: '被拒绝。' });
        writes.push(`put ${name} ${configs.map(({ publicKey }) => publicKey).join(' ')}`);
        for (const config of configs) {
          const { publicKey, presharedKey, allowedIps, persistentKeepaliveSeconds } = config;
          if (publicKey === one.publicKey) continue;
          const before = one.peers.get(publicKey) ?? one.addPeer({ publicKey });
          const endpoint = config.endpoint ?? before.endpoint;
          Object.assign(before, { endpoint, allowedIps, persistentKeepaliveSeconds });
          if (presharedKey === null) one.presharedKeys.delete(publicKey);
          else one.presharedKeys.set(publicKey, presharedKey);
        }
      },
      presharedKeys: async (name) => {
        const one = find(name);
        return new Map(
          [...one.peers.keys()].map((key) => [key, one.presharedKeys.get(key) ?? null]),
        );
      },
    },
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

/** Preshared keys, which must be found nowhere else. */
class PlantedKeys extends Map<string, string> {
  override set(publicKey: string, presharedKey: string): this {
    return super.set(publicKey, plant(presharedKey));
  }
}

/** As in the kernel, no index is used again. */
let lastIndex = 0;

function newInterface(name: string, clock: Clock): FakeInterface & { generation: number } {
  const peers = new Map<string, FakePeer>();
  return {
    name,
    peers,
    presharedKeys: new PlantedKeys(),
    generation: ++lastIndex,
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
        presharedKeyDigest: null,
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
      this.presharedKeys.clear();
      this.generation = ++lastIndex;
    },
  };
}

function digestOf(presharedKey: string | undefined): string | null {
  return presharedKey === undefined
    ? null
    : presharedKeyDigest(Buffer.from(presharedKey, 'base64'));
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
            publicKey: one.publicKey ?? null,
            listenPort: 51820,
            peers: [...one.peers.values()].map((peer) => ({
              ...peer,
              presharedKeyDigest: digestOf(one.presharedKeys.get(peer.publicKey)),
            })),
            unknownPeers: [],
          },
  };
}
