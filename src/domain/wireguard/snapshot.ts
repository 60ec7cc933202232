import type { Text } from '../errors.ts';

/** WireGuard's data about one peer. Private and preshared keys do not leave the parser. */
export interface PeerSnapshot {
  readonly publicKey: string;
  /** `ip:port` or `[ipv6]:port`; null before the first packet. */
  readonly endpoint: string | null;
  /** Prefixes in WireGuard's own notation. */
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
  /** null means off. */
  readonly persistentKeepaliveSeconds: number | null;
  /** Distinguishes preshared keys within this process; null means none. */
  readonly presharedKeyDigest: string | null;
}

/** Below it a handshake value is an age: no WireGuard ran in 2001. */
export const EPOCH_FLOOR_S = 1_000_000_000;

/**
 * Distinguishes an interface from one that was re-created under the same name. A part that could not be read
 * is omitted, and only parts known on both sides are compared: a false difference would book every counter
 * twice.
 */
export type Generation = Readonly<Record<string, string>>;

export function isSameGeneration(a: Generation, b: Generation): boolean {
  return Object.keys(a).every((part) => b[part] === undefined || a[part] === b[part]);
}

/** The complete data of one interface. */
export interface GoodRead {
  readonly kind: 'read';
  readonly publicKey: string | null;
  readonly listenPort: number | null;
  readonly peers: readonly PeerSnapshot[];
  /** Peers with impossible counters; their state is unknown. */
  readonly unknownPeers: readonly UnknownPeer[];
}

export interface UnknownPeer {
  readonly publicKey: string;
  readonly reason: Text;
}

/** No response, or one that cannot be trusted: the state is unknown. */
export interface UnknownRead {
  readonly kind: 'unknown';
  readonly reason: Text;
}

export interface InterfaceSnapshot {
  readonly name: string;
  readonly generation: Generation;
  readonly read: GoodRead | UnknownRead;
}

/** Every existing interface that is monitored. An interface that is missing here is down. */
export interface Snapshot {
  readonly interfaces: readonly InterfaceSnapshot[];
  /** The current problem although the listing succeeded, for the operator, or null. */
  readonly notice: Text | null;
}

/** The source of snapshots. Rejects with an `AppError` if even the listing fails. */
export type ReadSnapshot = (signal: AbortSignal) => Promise<Snapshot>;
