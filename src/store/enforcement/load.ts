import type { PeerSnapshot } from '../../domain/wireguard/snapshot.ts';
import type { Database } from '../database/open.ts';

/**
 * Managed users who were on, and whose last event on the assigned interface is that others removed the peer.
 */
export async function loadUnconcluded(db: Database): Promise<string[]> {
  const rows = await db.$read(
    `SELECT "publicKey" FROM (
      SELECT u."publicKey", (
        SELECT e."type" || COALESCE(e."reason", '') FROM "Event" AS e
        WHERE e."userId" = u."id" AND e."interface" = u."interface"
          AND e."type" IN ('PEER_ADDED', 'PEER_REMOVED')
        ORDER BY e."id" DESC LIMIT 1) AS "last"
      FROM "User" AS u
      WHERE u."managed" AND NOT u."missing" AND NOT u."removedByUs" AND u."applied" = 'PRESENT')
    WHERE "last" = 'PEER_REMOVED'`,
  );
  return rows.map(([publicKey]) => publicKey as string);
}

/** The peers of interfaces at their last good read, with the properties that limits depend on. */
export async function loadLastReads(
  db: Database,
): Promise<Map<string, ReadonlyMap<string, PeerSnapshot>>> {
  const [interfaces, counters] = await Promise.all([
    db.$read(`SELECT "name" FROM "Interface" WHERE "up"`),
    db.$read(
      `SELECT "interface", "publicKey", "endpoint", "allowedIps", "handshake",
         CAST("rx" AS TEXT), CAST("tx" AS TEXT), "persistentKeepaliveSeconds"
       FROM "Peer" WHERE "present"`,
    ),
  ]);
  const reads = new Map(
    interfaces.map(([name]) => [name as string, new Map<string, PeerSnapshot>()]),
  );
  for (const [name, ...cells] of counters as [string, ...LastReadCells][]) {
    const peer = lastReadOf(cells);
    reads.get(name)?.set(peer.publicKey, peer);
  }
  return reads;
}

type LastReadCells = [
  publicKey: string,
  endpoint: string | null,
  allowedIps: string | null,
  handshake: number,
  rx: string,
  tx: string,
  keepalive: number | null,
];

function lastReadOf([publicKey, endpoint, allowedIps, ...rest]: LastReadCells): PeerSnapshot {
  const [latestHandshake, rx, tx, persistentKeepaliveSeconds] = rest;
  return {
    publicKey,
    endpoint,
    allowedIps: prefixesOf(allowedIps) ?? [],
    latestHandshake,
    rxBytes: BigInt(rx),
    txBytes: BigInt(tx),
    persistentKeepaliveSeconds,
    presharedKeyDigest: null,
  };
}

/** The prefixes of a stored list; null means unknown. */
export function prefixesOf(allowedIps: string | null): string[] | null {
  return allowedIps?.split(',').filter((prefix) => prefix !== '') ?? null;
}
