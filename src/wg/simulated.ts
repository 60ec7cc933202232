import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../domain/time/clock.ts';
import type { PeerSnapshot, ReadSnapshot } from '../domain/wireguard/snapshot.ts';
import { presharedKeyDigest } from './read/key-digest.ts';
import type { WireGuard } from './wireguard.ts';

const PEERS = 50;
const REKEY_MS = 120_000;
const RESET_EVERY_MS = 60_000;

/** Mean times that a simulated user stays online and offline. */
const MEAN_ONLINE_MS = 10 * 60_000;
const MEAN_OFFLINE_MS = 6 * 60_000;
const MEAN_BETWEEN_ROAMS_MS = 4 * 60_000;

interface SimulatedPeer {
  readonly publicKey: string;
  readonly allowedIps: readonly string[];
  readonly persistentKeepaliveSeconds: number | null;
  /** Base64; null means no key. */
  readonly presharedKey: string | null;
  /**
   * Bytes per second that the server receives while the user is online; it sends about eight times as many.
   */
  readonly rate: number;
  isOn: boolean;
  endpoint: string;
  handshakeMs: number;
  rxBytes: number;
  txBytes: number;
}

/**
 * A simulated fleet: users connect, disconnect, move bytes, roam, and have their counters reset. Peers can be
 * removed and restored; bandwidth is not simulated.
 */
export function simulatedWireGuard(clock: Clock): WireGuard {
  const random = randomNumbers(20_26);
  const startedMs = clock.wallMs();
  const fleet = Array.from({ length: PEERS }, (_, index) => newPeer(index + 1, startedMs, random));
  const peers = new Map(fleet.map((peer) => [peer.publicKey, peer]));
  const generation = { simulation: randomUUID() };
  let lastMs = startedMs;
  let nextResetMs = startedMs + RESET_EVERY_MS;

  const read: ReadSnapshot = async () => {
    const nowMs = clock.wallMs();
    const passedMs = Math.max(0, nowMs - lastMs);
    lastMs = nowMs;
    for (const peer of peers.values()) live(peer, nowMs, passedMs, random);
    if (nowMs >= nextResetMs) {
      nextResetMs = nowMs + RESET_EVERY_MS;
      reset([...peers.values()][Math.floor(random() * peers.size)]);
    }
    return {
      notice: null,
      interfaces: [
        {
          name: 'demo0',
          generation,
          read: {
            kind: 'read',
            publicKey: keyOf('interface'),
            listenPort: 51820,
            peers: [...peers.values()].map(readingOf),
            unknownPeers: [],
          },
        },
      ],
    };
  };
  return {
    read,
    hostNetworks: {
      networksOf: () => ['10.99.0.1/24'],
      routesOf: () => ['10.99.0.0/24'],
      networksBeside: () => [],
      // From a block that is reserved for documentation.
      publicAddress: async () => '192.0.2.1',
    },
    nftTable: {
      apply: async () => ({ limitedUserIds: [] }),
      isThere: async () => false,
      cleanup: async () => {},
    },
    commands: {
      clearAllowedIps: async (_, publicKeys) => {
        for (const publicKey of publicKeys) {
          const peer = peers.get(publicKey);
          if (peer !== undefined) peers.set(publicKey, { ...peer, allowedIps: [], isOn: false });
        }
      },
      remove: async (_, publicKeys) => {
        for (const publicKey of publicKeys) peers.delete(publicKey);
      },
      write: async (_, configs) => {
        for (const config of configs) {
          const { publicKey, allowedIps, persistentKeepaliveSeconds, presharedKey, endpoint } =
            config;
          const peer = peers.get(publicKey) ?? newcomer(publicKey, random);
          peers.set(publicKey, {
            ...peer,
            allowedIps,
            persistentKeepaliveSeconds,
            presharedKey,
            endpoint: endpoint ?? peer.endpoint,
          });
        }
      },
      presharedKeys: async () =>
        new Map(
          [...peers.values()].map(({ publicKey, presharedKey }) => [publicKey, presharedKey]),
        ),
    },
  };
}

/** A peer that was just added: no counters, and offline for now. */
function newcomer(publicKey: string, random: () => number): SimulatedPeer {
  const rate = 200 + 40_000 * random() ** 4;
  return {
    publicKey,
    allowedIps: [],
    persistentKeepaliveSeconds: null,
    presharedKey: null,
    rate,
    isOn: false,
    endpoint: '',
    handshakeMs: 0,
    rxBytes: 0,
    txBytes: 0,
  };
}

function newPeer(number: number, nowMs: number, random: () => number): SimulatedPeer {
  const isOn = random() < 0.6;
  const wasEverOn = isOn || random() < 0.8;
  return {
    publicKey: keyOf(`peer ${number}`),
    allowedIps: [`10.99.0.${number + 1}/32`],
    persistentKeepaliveSeconds: null,
    presharedKey: null,
    rate: 200 + 40_000 * random() ** 4,
    isOn,
    endpoint: wasEverOn ? newEndpoint(random) : '',
    handshakeMs: isOn ? nowMs - random() * REKEY_MS : 0,
    rxBytes: wasEverOn ? Math.floor(random() * 5e8) : 0,
    txBytes: wasEverOn ? Math.floor(random() * 4e9) : 0,
  };
}

function live(peer: SimulatedPeer, nowMs: number, passedMs: number, random: () => number): void {
  const happens = (meanMs: number) => random() < passedMs / meanMs;
  if (happens(peer.isOn ? MEAN_ONLINE_MS : MEAN_OFFLINE_MS)) {
    peer.isOn = !peer.isOn;
    if (peer.isOn) {
      peer.handshakeMs = nowMs;
      if (peer.endpoint === '') peer.endpoint = newEndpoint(random);
    }
  }
  if (!peer.isOn) return;
  if (nowMs - peer.handshakeMs > REKEY_MS) peer.handshakeMs = nowMs;
  if (happens(MEAN_BETWEEN_ROAMS_MS)) peer.endpoint = newEndpoint(random);
  const bytes = (peer.rate * passedMs * 2 * random()) / 1000;
  peer.rxBytes += Math.floor(bytes);
  peer.txBytes += Math.floor(bytes * 8);
}

/** Resets the peer as if it had been removed and added again. */
function reset(peer: SimulatedPeer | undefined): void {
  if (peer === undefined) return;
  peer.rxBytes = 0;
  peer.txBytes = 0;
  peer.handshakeMs = 0;
  peer.isOn = false;
}

function readingOf(peer: SimulatedPeer): PeerSnapshot {
  return {
    publicKey: peer.publicKey,
    endpoint: peer.endpoint === '' ? null : peer.endpoint,
    allowedIps: peer.allowedIps,
    latestHandshake: Math.floor(peer.handshakeMs / 1000),
    rxBytes: BigInt(peer.rxBytes),
    txBytes: BigInt(peer.txBytes),
    persistentKeepaliveSeconds: peer.persistentKeepaliveSeconds,
    presharedKeyDigest:
      peer.presharedKey === null
        ? null
        : presharedKeyDigest(Buffer.from(peer.presharedKey, 'base64')),
  };
}

/** Addresses of the blocks that are reserved for documentation. */
function newEndpoint(random: () => number): string {
  const block = random() < 0.5 ? '198.51.100' : '203.0.113';
  const host = 1 + Math.floor(random() * 254);
  return `${block}.${host}:${1024 + Math.floor(random() * 60_000)}`;
}

function keyOf(name: string): string {
  return createHash('sha256').update(`wgql demo ${name}`).digest('base64');
}

/** A linear congruential generator with the constants of Numerical Recipes: the same fleet each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
