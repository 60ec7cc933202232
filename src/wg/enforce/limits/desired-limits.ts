import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import { REJECT_AFTER_MS } from '../../../domain/tracking/constants.ts';
import { EPOCH_FLOOR_S } from '../../../domain/wireguard/snapshot.ts';
import type { BandwidthLimit, QuotaBackstop, WantedControl } from '../../nft/table.ts';
import type { LimitablePeer, LimitablePeers } from './limited-peers.ts';

/**
 * The largest packet with segmentation offload. A quota object with fewer bytes left would drop every packet
 * that could use up the quota, so that its user would be neither served nor cut off.
 */
const LARGEST_PACKET_BYTES = 64n * 1024n;

/**
 * The desired contents of nftables, for peers as they are now or, if their interface could not be read, as
 * they were at its last read. A peer that is off needs no rule.
 */
export function desiredLimits(
  policies: readonly PeerPolicy[],
  places: LimitablePeers,
  unread: ReadonlySet<string>,
  nowMs: number,
): WantedControl {
  const limited = policies.filter(
    ({ bandwidthBytesPerSecond, quotaLimitBytes }) =>
      bandwidthBytesPerSecond > 0n || quotaLimitBytes !== null,
  );
  if (limited.length === 0) return { bandwidth: [], quotas: [], prefixes: [] };

  const awake = new Set(
    limited.flatMap(({ publicKey }) => {
      const isAwake = [...places.values()].some((peers) => mayTalkIn(peers, publicKey, nowMs));
      return isAwake ? [publicKey] : [];
    }),
  );
  const bandwidth: BandwidthLimit[] = [];
  const quotas: QuotaBackstop[] = [];
  for (const [name, peers] of places) {
    for (const policy of limited) {
      const peer = peers.get(policy.publicKey);
      if (peer === undefined) continue;
      const { userId, bandwidthBytesPerSecond: bytesPerSecond } = policy;
      const place = { userId, interface: name, prefixes: peer.allowedIps };
      if (bytesPerSecond > 0n) bandwidth.push({ ...place, bytesPerSecond });
      const quota = quotaOf(policy, awake.has(policy.publicKey));
      if (quota === null) continue;
      const isBooked = !unread.has(name);
      quotas.push({ ...place, ...quota, isBooked, countsTx: mayTalk(peer, nowMs) });
    }
  }
  return { bandwidth, quotas, prefixes: prefixesOf(policies, places) };
}

/** The allowed IPs of all peers; each peer that belongs to no user has its own negative id. */
function prefixesOf(
  policies: readonly PeerPolicy[],
  places: LimitablePeers,
): WantedControl['prefixes'] {
  const ids = new Map(policies.map(({ publicKey, userId }) => [publicKey, userId]));
  return [...places].flatMap(([name, peers]) => {
    let unknownId = -1;
    // Sorted, because the order that WireGuard reports changes from call to call.
    const sorted = [...peers.values()].sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1));
    return sorted.map(({ publicKey, allowedIps }) => ({
      interface: name,
      userId: ids.get(publicKey) ?? unknownId--,
      prefixes: allowedIps,
    }));
  });
}

/**
 * The rest of each quota. The object is created again when the peer becomes active, with the bytes left then.
 */
function quotaOf(
  { quotaLimitBytes, quotaUsedBytes, quotaMarkAtMs }: PeerPolicy,
  isAwake: boolean,
): Pick<QuotaBackstop, 'bytesLeft' | 'seed'> | null {
  if (quotaLimitBytes === null) return null;
  const left = quotaLimitBytes - quotaUsedBytes;
  return {
    bytesLeft: left > 0n ? max(left, LARGEST_PACKET_BYTES) : 0n,
    seed: `${quotaMarkAtMs}:${quotaLimitBytes}:${isAwake}`,
  };
}

function mayTalkIn(
  peers: ReadonlyMap<string, LimitablePeer>,
  publicKey: string,
  nowMs: number,
): boolean {
  const peer = peers.get(publicKey);
  return peer !== undefined && mayTalk(peer, nowMs);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/**
 * A peer without valid session keys receives nothing, yet packets to it pass nftables on their way to a
 * queue: if counted, they would use up a quota that WireGuard never saw used. Packets from a peer were
 * decrypted, so they always count.
 */
function mayTalk({ latestHandshake }: LimitablePeer, nowMs: number): boolean {
  if (latestHandshake === null || latestHandshake === 0) return false;
  const ageMs =
    latestHandshake < EPOCH_FLOOR_S ? latestHandshake * 1000 : nowMs - latestHandshake * 1000;
  return ageMs <= REJECT_AFTER_MS;
}
