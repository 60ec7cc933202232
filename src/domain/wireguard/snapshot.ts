import type { Text } from '../errors.ts';

/** What WireGuard says of one peer. Private and preshared keys end at the parser. */
export interface PeerSnapshot {
  readonly publicKey: string;
  /** `ip:port` or `[ipv6]:port`; null before the first packet. */
  readonly endpoint: string | null;
  /** Prefixes in WireGuard's own writing. */
  readonly allowedIps: readonly string[];
  /**
   * Epoch seconds of the latest completed handshake, 0 for never. A value below `EPOCH_FLOOR_S` is
   * not a time but an age in seconds: boringtun reports it so. null where WireGuard does not say.
   */
  readonly latestHandshake: number | null;
  /** Received from the peer. */
  readonly rxBytes: bigint;
  /** Sent to the peer. */
  readonly txBytes: bigint;
  /** null is off. */
  readonly persistentKeepaliveSeconds: number | null;
  /** Tells one preshared key from another within this process; null is none. */
  readonly presharedKeyDigest: string | null;
}

/** Below it a handshake value is an age: no WireGuard ran in 2001. */
export const EPOCH_FLOOR_S = 1_000_000_000;

/**
 * What tells an interface from one that was re-created under the same name. A part that could not
 * be learnt is left out, and only parts known on both sides are compared: a false difference would
 * book every counter twice.
 */
export type Generation = Readonly<Record<string, string>>;

export function isSameGeneration(a: Generation, b: Generation): boolean {
  return Object.keys(a).every((part) => b[part] === undefined || a[part] === b[part]);
}

/** A complete answer of one interface. */
export interface GoodRead {
  readonly kind: 'read';
  readonly publicKey: string | null;
  readonly listenPort: number | null;
  readonly peers: readonly PeerSnapshot[];
  /** Peers whose counters cannot be real; nothing is concluded about them. */
  readonly unknownPeers: readonly UnknownPeer[];
}

export interface UnknownPeer {
  readonly publicKey: string;
  readonly reason: Text;
}

/** No answer, or one that cannot be trusted: nothing is concluded from it. */
export interface UnknownRead {
  readonly kind: 'unknown';
  readonly reason: Text;
}

export interface InterfaceSnapshot {
  readonly name: string;
  readonly generation: Generation;
  readonly read: GoodRead | UnknownRead;
}

/** Every interface that the system has and that is watched. One that is missing here is down. */
export interface Snapshot {
  readonly interfaces: readonly InterfaceSnapshot[];
  /** What stands in the way although the listing succeeded, for the operator; null is nothing. */
  readonly notice: Text | null;
}

/** Where readings come from. Rejects with an `AppError` when not even the listing succeeds. */
export type ReadSnapshot = (signal: AbortSignal) => Promise<Snapshot>;
