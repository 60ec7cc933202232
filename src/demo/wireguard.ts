import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/time/clock.ts';
import type { PeerSnapshot, ReadSnapshot } from '../domain/wireguard/snapshot.ts';
import { presharedKeyDigest } from '../wg/read/key-digest.ts';
import type { WireGuard } from '../wg/wireguard.ts';
import { keyOf, NETWORKS, PEOPLE, type Person } from './people.ts';
import { newEndpoint, randomNumbers } from './random.ts';

/** Peers that wgql finds and that have no name yet. */
const STRANGERS = 26;

const REKEY_MS = 120_000;
const RESET_EVERY_MS = 60_000;

/** Mean times that a simulated user stays online and offline. */
const MEAN_ONLINE_MS = 10 * 60_000;
const MEAN_OFFLINE_MS = 6 * 60_000;
const MEAN_BETWEEN_ROAMS_MS = 4 * 60_000;

interface SimulatedPeer {
  readonly publicKey: string;
  readonly interface: string;
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
export function demoWireGuard(clock: Clock): WireGuard {
  const random = randomNumbers(20_26);
  const startedMs = clock.wallMs();
  const fleet = fleetAt(startedMs, random);
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
      interfaces: Object.keys(NETWORKS).map((name) => ({
        name,
        generation,
        read: {
          kind: 'read',
          publicKey: keyOf(name),
          listenPort: LISTEN_PORTS[name] ?? null,
          peers: [...peers.values()].filter((peer) => peer.interface === name).map(readingOf),
          unknownPeers: [],
        },
      })),
    };
  };
  return {
    read,
    hostNetworks: {
      networksOf: (name) => networksOf(name, 1),
      routesOf: (name) => networksOf(name, 0),
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
      remove: async (name, publicKeys) => {
        for (const publicKey of publicKeys) {
          if (peers.get(publicKey)?.interface === name) peers.delete(publicKey);
        }
      },
      write: async (name, configs) => {
        for (const config of configs) {
          const { publicKey, allowedIps, persistentKeepaliveSeconds, presharedKey, endpoint } =
            config;
          const peer = peers.get(publicKey) ?? newcomer(publicKey, name, random);
          peers.set(publicKey, {
            ...peer,
            interface: name,
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
function newcomer(publicKey: string, interfaceName: string, random: () => number): SimulatedPeer {
  const rate = 200 + 40_000 * random() ** 4;
  return {
    publicKey,
    interface: interfaceName,
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

/** All peers of the people but those that are missing, with counters that begin now, and of strangers. */
function fleetAt(nowMs: number, random: () => number): SimulatedPeer[] {
  const online = () => ({
    isOn: true,
    endpoint: newEndpoint(random),
    handshakeMs: nowMs - random() * REKEY_MS,
  });
  const known = PEOPLE.filter(({ limits }) => limits.missing !== true).map((person) => ({
    ...newcomer(person.publicKey, person.interface, random),
    allowedIps: [person.address],
    ...(isAllowed(person) && random() < SHARE_ONLINE && online()),
  }));
  const strangers = Array.from({ length: STRANGERS }, (_, index) => ({
    ...newcomer(keyOf(`peer ${index + 1}`), 'demo0', random),
    allowedIps: [`${NETWORKS.demo0}.${FIRST_STRANGER + index}/32`],
    rxBytes: Math.floor(random() * 5e8),
    txBytes: Math.floor(random() * 4e9),
    ...(random() < SHARE_ONLINE && online()),
  }));
  return [...known, ...strangers];
}

function isAllowed({ limits: { disabled, expiresInDays = 1, usedUp } }: Person): boolean {
  return disabled !== true && usedUp !== true && expiresInDays > 0;
}

const SHARE_ONLINE = 0.6;
const FIRST_STRANGER = 100;
const LISTEN_PORTS: Readonly<Record<string, number>> = { demo0: 51_820, demo1: 51_821 };

function networksOf(name: string, host: 0 | 1): string[] {
  const network = NETWORKS[name as keyof typeof NETWORKS];
  return network === undefined ? [] : [`${network}.${host}/24`];
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
