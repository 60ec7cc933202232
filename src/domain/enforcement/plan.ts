import type { PeerSnapshot } from '../wireguard/snapshot.ts';
import type { AppliedState, CutReason, PeerPolicy } from './policy.ts';

/** The values to store; absent fields stay unchanged. */
export interface PolicyUpdate {
  readonly userId: number;
  readonly set: {
    cutReason?: CutReason | null;
    removedByUs?: boolean;
    kickRequested?: boolean;
    missing?: boolean;
    interface?: string;
    quotaWarned?: boolean;
    applied?: AppliedState;
  };
  /** Why wgql removes the peer now without a request; absent if it does not. */
  readonly cutOff?: CutReason;
  /** Interfaces that the peer is removed from now and will be restored to. */
  readonly removedFrom: readonly string[];
  /** Interfaces that the peer is back on. */
  readonly restoredTo: readonly string[];
  readonly events: readonly PolicyEvent[];
}

export type PolicyEventType =
  | 'USER_EXPIRED'
  | 'USER_KICKED'
  | 'QUOTA_WARNING'
  | 'QUOTA_EXCEEDED'
  | 'PEER_MISSING'
  | 'LIMIT_APPLIED';

export interface PolicyEvent {
  readonly type: PolicyEventType;
  readonly reason: string | null;
  /** The client that requested it; absent if it follows from the declared limits. */
  readonly actor?: string;
}

/** One step for one peer on one interface. */
export interface PeerStep {
  readonly interface: string;
  readonly policy: PeerPolicy;
  /** The peer is there now, so its endpoint is newer than the stored one. */
  readonly isPresent: boolean;
}

/** An interface that lost most of its managed peers at once, as after `wg syncconf`. */
export interface Reload {
  readonly interface: string;
  /** The number of managed peers that were lost; all are restored. */
  readonly peers: number;
}

export interface Plan {
  readonly reloads: readonly Reload[];
  readonly updates: readonly PolicyUpdate[];
  /** Peers to remove that still have allowed IPs, which are cleared first. */
  readonly clearings: readonly PeerStep[];
  /** Peers to remove whose allowed IPs are cleared and whose last bytes are recorded. */
  readonly removals: readonly PeerStep[];
  /** Peers to add, or to configure as declared. */
  readonly writes: readonly PeerStep[];
  /** Deleted users whose peer is gone, to be erased. */
  readonly erasures: readonly PeerPolicy[];
}

/** The steps of all users, collected user by user. */
export interface Steps {
  readonly clearings: PeerStep[];
  readonly removals: PeerStep[];
  readonly writes: PeerStep[];
}

export interface PlanContext {
  readonly nowMs: number;
  /** The interfaces in WGQL_INTERFACES, whether they exist or not; empty means all. */
  readonly watched: readonly string[];
  /** Interfaces that were read; the peers by public key. */
  readonly reads: ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>>;
  /** Interfaces that exist and could not be read. */
  readonly unknown: ReadonlySet<string>;
  /** Whether an interface is watched. */
  readonly isWatched: (interfaceName: string) => boolean;
  /** Peers that exist, with counters that cannot be real. */
  readonly unreadable: ReadonlySet<string>;
  /** The peers of each interface at its last good read. */
  readonly lastReads: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Peers that others removed since the last poll. */
  readonly removedByOthers: ReadonlySet<string>;
  /** Whether a peer has the preshared key that is declared. */
  readonly hasDeclaredKey: (policy: PeerPolicy, reading: PeerSnapshot) => boolean;
}
