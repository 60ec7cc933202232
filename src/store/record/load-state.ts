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
  const monotonicMs = (at: Date) => now.monotonicMs - Math.max(0, now.wallMs - at.getTime());
  const [interfaceRows, counters, userRows] = await Promise.all([
    db.interface.findMany({ where: watched.length > 0 ? { name: { in: [...watched] } } : {} }),
    db.peer.findMany(),
    db.user.findMany({
      select: { publicKey: true, endpoint: true, online: true, latestSession: true },
    }),
  ]);

  const users = new Map<string, UserState>();
  for (const { publicKey, endpoint, online, latestSession } of userRows) {
    const isOpen = online && latestSession !== null && latestSession.endedAt === null;
    users.set(publicKey, {
      provedMs: isOpen ? monotonicMs(latestSession.lastSeenAt) : null,
      session: isOpen
        ? {
            startedWallMs: latestSession.startedAt.getTime(),
            provedWallMs: latestSession.lastSeenAt.getTime(),
          }
        : null,
      previousEndWallMs: latestSession?.endedAt?.getTime() ?? null,
      endpoint,
    });
  }

  const interfaces = new Map<string, InterfaceState>();
  const peers = new Map<string, Map<string, PeerState>>();
  for (const row of interfaceRows) {
    const own = new Map<string, PeerState>();
    peers.set(row.name, own);
    interfaces.set(row.name, {
      generation: generationOf(row.generation),
      up: row.up,
      lastReadMs: monotonicMs(row.lastReadAt),
      peers: own,
      hasUnknownPeers: false,
    });
  }
  for (const counter of counters) {
    peers.get(counter.interface)?.set(counter.publicKey, {
      rxBytes: counter.rx,
      txBytes: counter.tx,
      handshake: handshakeOf(Number(counter.handshake), now),
      present: counter.present,
      endpoint: counter.endpoint,
      allowedIps: counter.allowedIps,
      persistentKeepaliveSeconds:
        counter.allowedIps === null ? undefined : counter.persistentKeepaliveSeconds,
      presharedKeyDigest: undefined,
      missedSinceMs: null,
      reading: null,
    });
  }
  return { interfaces, users };
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
