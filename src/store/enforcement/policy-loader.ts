import { setImmediate } from 'node:timers/promises';
import { serial } from '../../async/serial.ts';
import { BYTES_PER_KB } from '../../domain/bytes.ts';
import { permissionOf } from '../../domain/enforcement/permission.ts';
import type {
  AppliedState,
  CutReason,
  PeerPolicy,
  RemovedPeer,
} from '../../domain/enforcement/policy.ts';
import { storedText } from '../../domain/errors.ts';
import type { ChangeFeed } from '../current/changed-users.ts';
import { USER_COLUMNS, userOf } from '../current/user-row.ts';
import type { Database } from '../database/open.ts';
import type { SealedUserRecord } from '../records.ts';
import { prefixesOf } from './load.ts';

/** Only users with something to enforce, or something to undo or restore. */
const CONCERNED = `("managed" OR NOT "enabled" OR "removedByUs" OR "kickRequested" OR "quotaWarned"
  OR "cutReason" IS NOT NULL OR "expiresAt" IS NOT NULL OR "enforcementError" IS NOT NULL
  OR "dataLimit" > 0 OR "bandwidthLimit" > 0 OR "quotaPeriod" <> 'NONE')`;

/** Users read between two turns of the event loop: 5 to 10 ms of work. */
const USERS_A_READ = 1_000;

const AMONG = `"id" IN (SELECT value FROM json_each(?))`;

/** A user with something to enforce. */
interface Known {
  readonly user: SealedUserRecord;
  readonly policy: PeerPolicy;
}

/**
 * Returns the policies of all users with something to enforce, with the actions taken so far, in the order of their
 * ids. They are kept in memory: each call reads only the users that were written since the last one.
 */
export function policyLoader(db: Database, changes: ChangeFeed): () => Promise<PeerPolicy[]> {
  let known: Map<number, Known> | null = null;

  const readAll = async (): Promise<Map<number, Known>> => {
    const all = new Map<number, Known>();
    let last = 0;
    for (;;) {
      const rows = await db.$read(
        `SELECT ${USER_COLUMNS.sql}, "presharedKey" FROM "User"
         WHERE "id" > ? AND ${CONCERNED} ORDER BY "id" LIMIT ${USERS_A_READ}`,
        last,
      );
      for (const cells of rows) all.set(...knownOf(cells));
      if (rows.length < USERS_A_READ) return all;
      last = rows.at(-1)?.[0] as number;
      await setImmediate();
    }
  };

  const withChanged = async (
    before: Map<number, Known>,
    changed: ReadonlySet<number>,
  ): Promise<Map<number, Known>> => {
    if (changed.size === 0) return before;
    const rows = await db.$read(
      `SELECT ${USER_COLUMNS.sql}, "presharedKey" FROM "User" WHERE ${AMONG} AND ${CONCERNED}`,
      JSON.stringify([...changed]),
    );
    const after = new Map(before);
    for (const id of changed) after.delete(id);
    for (const cells of rows) after.set(...knownOf(cells));
    return new Map([...after].sort(([a], [b]) => a - b));
  };

  const withMoved = async (
    after: Map<number, Known>,
    moved: ReadonlySet<number>,
  ): Promise<Map<number, Known>> => {
    const ids = [...moved].filter((id) => after.has(id));
    for (let at = 0; at < ids.length; at += USERS_A_READ) {
      if (at > 0) await setImmediate();
      const rows = await db.$read(
        `SELECT "id", CAST("rx" AS TEXT), CAST("tx" AS TEXT) FROM "User" WHERE ${AMONG}`,
        JSON.stringify(ids.slice(at, at + USERS_A_READ)),
      );
      for (const [id, rx, tx] of rows as [number, string, string][]) {
        const { user, policy } = after.get(id) as Known;
        const current = { ...user, rx: BigInt(rx), tx: BigInt(tx) };
        after.set(id, { user: current, policy: { ...policy, ...permissionOf(current) } });
      }
    }
    return after;
  };

  const refresh = async (): Promise<Map<number, Known>> => {
    const taken = changes.take();
    try {
      if (known === null || taken.isAny) return await readAll();
      return await withMoved(await withChanged(known, taken.changed), taken.moved);
    } catch (error) {
      changes.giveBack(taken);
      throw error;
    }
  };

  const inOrder = serial();
  return () =>
    inOrder(async () => {
      known = await refresh();
      const removed = await removedPeersByKey(db);
      return [...known.values()].map(({ policy }) => withRemovedPeers(policy, removed));
    });
}

function withRemovedPeers(
  policy: PeerPolicy,
  removed: ReadonlyMap<string, readonly RemovedPeer[]>,
): PeerPolicy {
  const removedPeers = removed.get(policy.publicKey);
  return removedPeers === undefined ? policy : { ...policy, removedPeers };
}

/** The peers that wgql removed from interfaces, by public key. */
async function removedPeersByKey(db: Database): Promise<Map<string, RemovedPeer[]>> {
  const rows = await db.$read(`SELECT "publicKey", "interface", "allowedIps",
    "persistentKeepaliveSeconds", "endpoint", "presharedKey" FROM "Peer" WHERE "removedByUs" = 1`);
  const byKey = new Map<string, RemovedPeer[]>();
  for (const [publicKey, ...cells] of rows as [string, ...RemovedPeerCells][]) {
    byKey.set(publicKey, [...(byKey.get(publicKey) ?? []), removedPeerOf(cells)]);
  }
  return byKey;
}

function knownOf(cells: readonly unknown[]): [number, Known] {
  const user = { ...userOf(cells), presharedKey: cells.at(-1) as string | null };
  return [user.id, { user, policy: policyOf(user) }];
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

function policyOf(user: SealedUserRecord): PeerPolicy {
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
    removedPeers: [],
    error: storedText(user.enforcementError),
  };
}
