import { BYTES_PER_KB } from '../../domain/bytes.ts';
import { permissionOf } from '../../domain/enforcement/permission.ts';
import type {
  AppliedState,
  CutReason,
  PeerPolicy,
  RemovedPeer,
} from '../../domain/enforcement/policy.ts';
import { storedText } from '../../domain/errors.ts';
import type { PeerSnapshot } from '../../domain/wireguard/snapshot.ts';
import { USER_COLUMNS, userOf } from '../current/user-row.ts';
import type { Database } from '../database/open.ts';
import type { SealedUserRecord } from '../records.ts';

/** Only users with something to enforce, or something to undo or restore. */
const CONCERNED = `"managed" OR NOT "enabled" OR "removedByUs" OR "kickRequested" OR "quotaWarned"
  OR "cutReason" IS NOT NULL OR "expiresAt" IS NOT NULL OR "enforcementError" IS NOT NULL
  OR "dataLimit" > 0 OR "bandwidthLimit" > 0 OR "quotaPeriod" <> 'NONE'`;

/** The policies of all these users, with the actions taken so far. */
export async function loadPolicies(db: Database): Promise<PeerPolicy[]> {
  const [users, removedPeers] = await Promise.all([
    db.$read(`SELECT ${USER_COLUMNS.sql}, "presharedKey" FROM "User" WHERE ${CONCERNED}`),
    db.$read(`SELECT "publicKey", "interface", "allowedIps", "persistentKeepaliveSeconds",
      "endpoint", "presharedKey" FROM "Peer" WHERE "removedByUs"`),
  ]);
  const byKey = new Map<string, RemovedPeer[]>();
  for (const [publicKey, ...cells] of removedPeers as [string, ...RemovedPeerCells][]) {
    byKey.set(publicKey, [...(byKey.get(publicKey) ?? []), removedPeerOf(cells)]);
  }
  return users.map((cells) => {
    const user = { ...userOf(cells), presharedKey: cells.at(-1) as string | null };
    return policyOf(user, byKey.get(user.publicKey) ?? []);
  });
}

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

function prefixesOf(allowedIps: string | null): string[] | null {
  return allowedIps?.split(',').filter((prefix) => prefix !== '') ?? null;
}

type RemovedPeerCells = [
  name: string,
  allowedIps: string | null,
  keepalive: number | null,
  endpoint: string | null,
  presharedKey: string | null,
];

function removedPeerOf([name, allowedIps, keepalive, ...rest]: RemovedPeerCells): RemovedPeer {
  const [endpoint, sealedPresharedKey] = rest;
  return {
    interface: name,
    allowedIps: prefixesOf(allowedIps),
    persistentKeepaliveSeconds: keepalive,
    endpoint,
    sealedPresharedKey,
  };
}

function policyOf(user: SealedUserRecord, removedPeers: readonly RemovedPeer[]): PeerPolicy {
  return {
    userId: user.id,
    publicKey: user.publicKey,
    interface: user.interface,
    managed: user.managed,
    ...permissionOf(user),
    allowedIps: prefixesOf(user.allowedIps),
    persistentKeepaliveSeconds: user.persistentKeepaliveSeconds,
    sealedPresharedKey: user.presharedKey,
    endpoint: user.endpoint,
    bandwidthBytesPerSecond: BigInt(user.bandwidthLimit) * BYTES_PER_KB,
    quotaPeriod: user.quotaPeriod,
    quotaPeriodName: user.quotaPeriodName,
    quotaMarkAtMs: user.quotaMarkAt.getTime(),
    quotaWarned: user.quotaWarned,
    cutReason: user.cutReason as CutReason | null,
    removedByUs: user.removedByUs,
    kickRequested: user.kickRequested,
    requestedBy: user.requestedBy,
    missing: user.missing,
    configPending: user.configPending,
    presharedKeyKnown: user.presharedKeyKnown,
    applied: user.applied as AppliedState,
    revision: user.revision,
    removedPeers,
    error: storedText(user.enforcementError),
  };
}
