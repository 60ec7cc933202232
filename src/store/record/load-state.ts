import type { Instant } from '../../domain/time/clock.ts';
import type {
  Handshake,
  InterfaceState,
  PeerState,
  TrackerState,
  UserState,
} from '../../domain/tracking/tracker-state.ts';
import { NO_HANDSHAKE } from '../../domain/tracking/tracker-state.ts';
import type { Generation } from '../../domain/wireguard/snapshot.ts';
import type { Database } from '../database/open.ts';

/**
 * The state that the tracker wrote last, from which it continues. An empty `watched` means all interfaces; an
 * interface that is not monitored keeps its marks until it is monitored again. The monotonic clock did not
 * survive, so ages come from the wall clock, and none is negative.
 */
export async function loadState(
  db: Database,
  watched: readonly string[],
  now: Instant,
): Promise<TrackerState> {
  const monotonicMs = (atMs: number) => now.monotonicMs - Math.max(0, now.wallMs - atMs);
  const [interfaceRows, peerRows, userRows] = await Promise.all([
    db.$read(`SELECT "name", "generation", "up", "lastReadAt" FROM "Interface"`),
    db.$read(
      `SELECT "interface", "publicKey", CAST("rx" AS TEXT), CAST("tx" AS TEXT), "handshake",
         "present", "endpoint", "allowedIps", "persistentKeepaliveSeconds" FROM "Peer"`,
    ),
    db.$read(
      `SELECT u."publicKey", u."endpoint", u."online", s."startedAt", s."endedAt", s."lastSeenAt"
       FROM "User" AS u LEFT JOIN "Session" AS s ON s."id" = u."latestSessionId"`,
    ),
  ]);
  const users = new Map(
    (userRows as UserCells[]).map((cells) => [cells[0], userStateOf(cells, monotonicMs)]),
  );
  const interfaces = new Map<string, InterfaceState>();
  const peers = new Map<string, Map<string, PeerState>>();
  for (const [name, generation, up, lastReadAt] of interfaceRows as InterfaceCells[]) {
    if (watched.length > 0 && !watched.includes(name)) continue;
    const own = new Map<string, PeerState>();
    peers.set(name, own);
    interfaces.set(name, {
      generation: generationOf(generation),
      up: up === 1,
      lastReadMs: monotonicMs(lastReadAt),
      peers: own,
      hasUnknownPeers: false,
    });
  }
  for (const [name, publicKey, ...cells] of peerRows as [string, string, ...PeerCells][]) {
    peers.get(name)?.set(publicKey, peerStateOf(cells, now));
  }
  return { interfaces, users };
}

type InterfaceCells = [name: string, generation: string, up: number, lastReadAt: number];

type PeerCells = [
  rx: string,
  tx: string,
  handshake: number,
  present: number,
  endpoint: string | null,
  allowedIps: string | null,
  keepalive: number | null,
];

/** Of the latest session, which has null for all if there is none. */
type UserCells = [
  publicKey: string,
  endpoint: string | null,
  online: number,
  startedAt: number | null,
  endedAt: number | null,
  lastSeenAt: number | null,
];

function userStateOf(
  [, endpoint, online, startedAt, endedAt, lastSeenAt]: UserCells,
  monotonicMs: (atMs: number) => number,
): UserState {
  const isOpen = online === 1 && startedAt !== null && lastSeenAt !== null && endedAt === null;
  return {
    provedMs: isOpen ? monotonicMs(lastSeenAt) : null,
    session: isOpen ? { startedWallMs: startedAt, provedWallMs: lastSeenAt } : null,
    previousEndWallMs: endedAt,
    endpoint,
  };
}

function peerStateOf(
  [rx, tx, handshake, present, endpoint, allowedIps, keepalive]: PeerCells,
  now: Instant,
): PeerState {
  return {
    rxBytes: BigInt(rx),
    txBytes: BigInt(tx),
    handshake: handshakeOf(handshake, now),
    present: present === 1,
    endpoint,
    allowedIps,
    persistentKeepaliveSeconds: allowedIps === null ? undefined : keepalive,
    presharedKeyDigest: undefined,
    missedSinceMs: null,
    reading: null,
  };
}

/** If the value cannot be parsed, it is unknown, and nothing is compared with it. */
function generationOf(json: string): Generation {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

function handshakeOf(epochSeconds: number, now: Instant): Handshake {
  if (epochSeconds === 0) return NO_HANDSHAKE;
  const ageMs = now.wallMs - epochSeconds * 1000;
  return { epochSeconds, completedMs: ageMs < 0 ? null : now.monotonicMs - ageMs };
}
