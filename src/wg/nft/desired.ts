import { type Claim, disjoint } from './disjoint.ts';
import { noElements, type TableContents } from './layout.ts';
import { elementKey, limitName, quotaName, quoteInterface } from './names.ts';
import { type RateLimit, rateLimitFor } from './rate-limit.ts';

/** The bandwidth limit of one user on one interface. */
export interface BandwidthLimit {
  readonly userId: number;
  readonly interface: string;
  /** The peer's allowed IPs, canonical. */
  readonly prefixes: readonly string[];
  /** For each direction; at least 1. */
  readonly bytesPerSecond: bigint;
}

/** Stops a user's traffic between two polls once the rest of its quota is used up. */
export interface QuotaBackstop {
  readonly userId: number;
  readonly interface: string;
  /** The peer's allowed IPs, canonical. */
  readonly prefixes: readonly string[];
  /** The rest of the quota according to the booked bytes, rx and tx together. */
  readonly bytesLeft: bigint;
  /** Packets to the peer count too; true while the peer can receive them. */
  readonly countsTx: boolean;
  /**
   * The traffic of this interface is read and booked. If the object is used up and the quota is not, the
   * object has also counted packets that the interface dropped.
   */
  readonly isBooked: boolean;
  /** The object is created again with `bytesLeft` when this changes, or when it is used up before the quota. */
  readonly seed: string;
}

/** The allowed IPs of one peer, whether its user has limits or not. */
export interface PeerPrefixes {
  readonly interface: string;
  readonly userId: number;
  readonly prefixes: readonly string[];
}

/** The complete desired contents of the table. */
export interface WantedControl {
  readonly bandwidth: readonly BandwidthLimit[];
  readonly quotas: readonly QuotaBackstop[];
  /**
   * The prefixes of every peer: where one user's prefix contains a longer one of another user, the limits
   * of the first do not apply to it.
   */
  readonly prefixes: readonly PeerPrefixes[];
}

interface UserObjects {
  bucket?: RateLimit;
  quota?: { readonly name: string; readonly bytes: bigint };
}

const MAX_QUOTA_BYTES = 2n ** 63n - 1n;

/**
 * The table for these limits and quotas. Users without addresses have no objects. A user on several
 * interfaces has one limit and one quota for all of them: the smallest limit and the first quota, if they
 * differ.
 */
export function wantedContents(wanted: WantedControl): TableContents {
  const objects = objectsByUser(wanted);
  const contents: Draft = { limits: new Map(), quotas: new Map(), elements: noElements() };
  for (const [name, { claims, limited, counted }] of byInterface(wanted)) {
    const quoted = quoteInterface(name);
    for (const range of disjoint(claims)) {
      const { userId } = range;
      const { bucket, quota } = objects.get(userId) ?? {};
      const key = elementKey(range, quoted);
      if (bucket !== undefined && limited.has(userId)) addLimit(contents, range, key, bucket);
      const countsTx = counted.get(userId);
      if (quota !== undefined && countsTx !== undefined) {
        addQuota(contents, range, key, { ...quota, countsTx });
      }
    }
  }
  return contents;
}

interface Draft {
  readonly limits: Map<string, RateLimit>;
  readonly quotas: Map<string, bigint>;
  readonly elements: ReturnType<typeof noElements>;
}

type Owner = Pick<ReturnType<typeof disjoint>[number], 'userId' | 'family'>;

function addLimit(
  { limits, elements }: Draft,
  { userId, family }: Owner,
  key: string,
  bucket: RateLimit,
): void {
  for (const direction of ['rx', 'tx'] as const) {
    limits.set(limitName(userId, direction), bucket);
    elements[`${direction}${family}`].set(key, limitName(userId, direction));
  }
}

function addQuota(
  { quotas, elements }: Draft,
  { family }: Owner,
  key: string,
  quota: { readonly name: string; readonly bytes: bigint; readonly countsTx: boolean },
): void {
  quotas.set(quota.name, quota.bytes);
  elements[`quotaRx${family}`].set(key, quota.name);
  if (quota.countsTx) elements[`quotaTx${family}`].set(key, quota.name);
}

function objectsByUser({ bandwidth, quotas }: WantedControl): Map<number, UserObjects> {
  const users = new Map<number, UserObjects>();
  const of = (userId: number): UserObjects => {
    const known = users.get(userId) ?? {};
    users.set(userId, known);
    return known;
  };
  for (const { userId, bytesPerSecond } of bandwidth) {
    const user = of(userId);
    const bucket = rateLimitFor(bytesPerSecond);
    if (user.bucket === undefined || bucket.rate < user.bucket.rate) user.bucket = bucket;
  }
  for (const { userId, bytesLeft, seed } of quotas) {
    const user = of(userId);
    const bytes = bytesLeft < 0n ? 0n : bytesLeft > MAX_QUOTA_BYTES ? MAX_QUOTA_BYTES : bytesLeft;
    user.quota ??= { name: quotaName(userId, seed), bytes };
  }
  return users;
}

interface OnInterface {
  readonly claims: Claim[];
  /** The users that have a limit here. */
  readonly limited: Set<number>;
  /** The users that have a quota here, and whether packets to them count. */
  readonly counted: Map<number, boolean>;
}

/** The interfaces with a limit or a quota. */
function byInterface({ bandwidth, quotas, prefixes }: WantedControl): Map<string, OnInterface> {
  const interfaces = new Map<string, OnInterface>();
  const on = (name: string): OnInterface => {
    const known = interfaces.get(name) ?? { claims: [], limited: new Set(), counted: new Map() };
    interfaces.set(name, known);
    return known;
  };
  for (const { interface: name, userId } of bandwidth) on(name).limited.add(userId);
  for (const { interface: name, userId, countsTx } of quotas) {
    on(name).counted.set(userId, countsTx);
  }
  const listed = new Set<string>();
  const claim = (peer: PeerPrefixes) => {
    const claims = interfaces.get(peer.interface)?.claims;
    for (const prefix of peer.prefixes) claims?.push({ userId: peer.userId, prefix });
  };
  for (const peer of prefixes) {
    listed.add(`${peer.userId} ${peer.interface}`);
    claim(peer);
  }
  // A user with both a limit and a quota is added once: duplicate claims would only cost time.
  for (const limit of [...bandwidth, ...quotas]) {
    const name = `${limit.userId} ${limit.interface}`;
    if (!listed.has(name)) claim(limit);
    listed.add(name);
  }
  return interfaces;
}
