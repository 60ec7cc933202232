import type { Generation } from '../wireguard/snapshot.ts';
import type { EndReason } from './end-reason.ts';

/** All results of one poll, to be written in one transaction. Times are on the wall clock. */
export interface Changes {
  readonly atMs: number;
  readonly interfaces: readonly InterfaceChange[];
  readonly counters: readonly CounterChange[];
  readonly users: readonly UserChange[];
  readonly traffic: readonly TrafficBooking[];
  readonly sessions: readonly SessionChange[];
  readonly events: readonly EventChange[];
  /** Keys among these changes that belong to no user, because their users were deleted. */
  readonly deletedKeys: ReadonlySet<string>;
}

/** An interface that was read completely, was renamed, or went down. */
export type InterfaceChange =
  | {
      readonly kind: 'read';
      readonly name: string;
      readonly generation: Generation;
      readonly publicKey: string | null;
      readonly listenPort: number | null;
    }
  /** Its name at the previous read was `from`. */
  | { readonly kind: 'renamed'; readonly name: string; readonly from: string }
  | { readonly kind: 'down'; readonly name: string };

/** The new mark in WireGuard's own counters. */
export interface CounterChange {
  readonly interface: string;
  readonly publicKey: string;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly handshakeEpochSeconds: number;
  /** The last known endpoint of the peer; null means unknown. */
  readonly endpoint: string | null;
  /** Joined by commas; null is not known. */
  readonly allowedIps: string | null;
  /** null is off or not known. */
  readonly persistentKeepaliveSeconds: number | null;
  readonly present: boolean;
  /** Only the counters and the handshake differ from the former mark. */
  readonly isNumbersOnly: boolean;
}

/** The changes of a user; absent optional fields did not change. */
export interface UserChange {
  readonly publicKey: string;
  /** The interface on which this was seen: where a new user is registered. */
  readonly interface: string;
  /** Bytes to book, opening balances included. */
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  /** The part of them that counts for no day, session or quota. */
  readonly openingRxBytes: bigint;
  readonly openingTxBytes: bigint;
  /** The part of them that flowed in the current quarter hour: without opening balances and gaps. */
  readonly currentRxBytes: bigint;
  readonly currentTxBytes: bigint;
  readonly endpoint?: string;
  readonly lastSeenMs?: number;
  /** The current values in WireGuard; they are the record of a user that wgql does not manage. */
  readonly allowedIps?: string;
  readonly persistentKeepaliveSeconds?: number | null;
}

/** Bytes that flowed between the last good read and this one; `spread` says in which quarter hours. */
export interface TrafficBooking {
  readonly publicKey: string;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  /** How long before the poll the interface was last read. */
  readonly gapMs: number;
}

/** In the order in which they apply to a user: an end, then a start, then progress. */
export type SessionChange =
  | {
      readonly kind: 'ended';
      readonly publicKey: string;
      readonly endedMs: number;
      readonly reason: EndReason;
    }
  | {
      readonly kind: 'started';
      readonly publicKey: string;
      readonly startedMs: number;
      readonly lastSeenMs: number;
      readonly endpoint: string | null;
      readonly rxBytes: bigint;
      readonly txBytes: bigint;
    }
  | {
      readonly kind: 'continued';
      readonly publicKey: string;
      readonly lastSeenMs: number;
      readonly endpoint: string | null;
      readonly rxBytes: bigint;
      readonly txBytes: bigint;
    };

export type WatchEventType =
  | 'SESSION_STARTED'
  | 'SESSION_ENDED'
  | 'ENDPOINT_CHANGED'
  | 'PEER_ADDED'
  | 'PEER_REMOVED'
  | 'PEER_UPDATED'
  | 'COUNTER_RESET'
  | 'INTERFACE_UP'
  | 'INTERFACE_DOWN'
  | 'MONITOR_GAP';

export interface EventChange {
  readonly type: WatchEventType;
  /** null for an event of an interface. */
  readonly publicKey: string | null;
  /** null if it concerns the user as a whole. */
  readonly interface: string | null;
  readonly endpoint: string | null;
  readonly reason: string | null;
  /** wgql itself did it. */
  readonly isOwn: boolean;
}
