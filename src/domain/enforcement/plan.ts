import type { PeerSnapshot } from '../wireguard/snapshot.ts';
import type { AppliedState, CutReason, PeerPolicy } from './policy.ts';

/** What the database is to hold from now on; absent fields stay. */
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
  /** Interfaces that the peer is taken from now, and owed back to. */
  readonly removedFrom: readonly string[];
  /** Interfaces that it is back on. */
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
  /** Who asked for it; absent: nobody, it follows from what is declared. */
  readonly actor?: string;
}

/** One step on one interface. */
export interface PeerStep {
  readonly interface: string;
  readonly policy: PeerPolicy;
  /** The peer is there now, so that its endpoint is newer than any that was kept. */
  readonly isPresent: boolean;
}

/** An interface that lost most of its managed peers at once, as after `wg syncconf`. */
export interface Reload {
  readonly interface: string;
  /** How many managed peers were lost; all are put back. */
  readonly peers: number;
}

export interface Plan {
  readonly reloads: readonly Reload[];
  readonly updates: readonly PolicyUpdate[];
  /** Peers that still carry traffic and are to be taken off: first they carry none. */
  readonly clearings: readonly PeerStep[];
  /** Peers whose last bytes are booked. */
  readonly removals: readonly PeerStep[];
  /** Peers to add, or to bring to their declared configuration. */
  readonly writes: readonly PeerStep[];
  /** Deleted users whose peer is gone, so that they can be erased. */
  readonly erasures: readonly PeerPolicy[];
}

/** What is to be done, gathered user by user. */
export interface Steps {
  readonly clearings: PeerStep[];
  readonly removals: PeerStep[];
  readonly writes: PeerStep[];
}

export interface PlanContext {
  readonly nowMs: number;
  /** Interfaces that the settings name, there or not; empty is all. */
  readonly watched: readonly string[];
  /** Interfaces that were read; the peers by public key. */
  readonly reads: ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>>;
  /** Interfaces that exist and could not be read. */
  readonly unknown: ReadonlySet<string>;
  /** Whether WGQL_INTERFACES names an interface, or names none. */
  readonly isWatched: (interfaceName: string) => boolean;
  /** Peers that are there, with counters that cannot be real. */
  readonly unreadable: ReadonlySet<string>;
  /** What interfaces held when they answered last. */
  readonly lastReads: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Peers that somebody else took off since the last look. */
  readonly removedByOthers: ReadonlySet<string>;
  /** Whether a peer has the preshared key that is declared. */
  readonly hasDeclaredKey: (policy: PeerPolicy, reading: PeerSnapshot) => boolean;
}
