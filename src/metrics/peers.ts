import { escaped, type Labels } from './labels.ts';

/** Which labels a peer has: its interface and public key, or also what identifies a person. */
export type PeerLabels = 'keys' | 'full';

/** A user and its peer. Bytes are what was recorded in total, which no reset reduces. */
export interface Peer {
  readonly labels: Labels;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  /** Epoch seconds; 0 means that WireGuard knows of no handshake. */
  readonly handshakeSeconds: number;
  readonly isOnline: boolean;
  /** Epoch milliseconds; null while there is no session. */
  readonly sessionStartMs: number | null;
  /** null means no quota. */
  readonly quota: { readonly limitBytes: bigint; readonly usedBytes: bigint } | null;
}

export interface PeerName {
  readonly publicKey: string;
  /** Prefixes joined by commas; null means unknown. */
  readonly allowedIps: string | null;
  /** Empty means unknown. */
  readonly nickname: string;
}

/**
 * The labels of a peer, in the order of prometheus_wireguard_exporter.
 *
 * @param interfaceName null means none yet
 */
export function peerLabels(
  peer: PeerName,
  interfaceName: string | null,
  which: PeerLabels,
): Labels {
  const parts = ['{interface="', escaped(interfaceName ?? ''), '",public_key="', peer.publicKey];
  if (which === 'full') {
    if (peer.allowedIps !== null) parts.push('",allowed_ips="', escaped(peer.allowedIps));
    if (peer.nickname !== '') parts.push('",friendly_name="', escaped(peer.nickname));
  }
  parts.push('"}');
  // A text that is concatenated with `+` is kept in pieces, and each of the eight families would join them again.
  return parts.join('');
}

/** A family with at most one sample for each peer. */
export interface PeerFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** null: the peer has no sample. */
  readonly valueFor: (peer: Peer, nowMs: number) => number | bigint | null;
}

const NEVER = 0;

export const PEER_FAMILIES: readonly PeerFamily[] = [
  {
    name: 'wireguard_sent_bytes_total',
    type: 'counter',
    help: 'Bytes sent to the peer',
    valueFor: ({ txBytes }) => txBytes,
  },
  {
    name: 'wireguard_received_bytes_total',
    type: 'counter',
    help: 'Bytes received from the peer',
    valueFor: ({ rxBytes }) => rxBytes,
  },
  {
    name: 'wireguard_latest_handshake_seconds',
    type: 'gauge',
    help: 'UNIX timestamp seconds of the last handshake',
    valueFor: ({ handshakeSeconds }) => (handshakeSeconds === NEVER ? null : handshakeSeconds),
  },
  {
    name: 'wireguard_latest_handshake_delay_seconds',
    type: 'gauge',
    help: 'Seconds from the last handshake',
    valueFor: ({ handshakeSeconds }, nowMs) =>
      handshakeSeconds === NEVER ? null : Math.max(0, Math.floor(nowMs / 1000) - handshakeSeconds),
  },
  {
    name: 'wgql_peer_online',
    type: 'gauge',
    help: 'Whether the user is online',
    valueFor: ({ isOnline }) => (isOnline ? 1 : 0),
  },
  {
    name: 'wgql_session_start_time_seconds',
    type: 'gauge',
    help: 'UNIX timestamp seconds of the start of the current session',
    valueFor: ({ sessionStartMs }) => (sessionStartMs === null ? null : sessionStartMs / 1000),
  },
  {
    name: 'wgql_quota_limit_bytes',
    type: 'gauge',
    help: 'Bytes that the user may move in a quota period, in both directions together',
    valueFor: ({ quota }) => quota?.limitBytes ?? null,
  },
  {
    name: 'wgql_quota_used_bytes',
    type: 'gauge',
    help: 'Bytes that the user has moved in the current quota period',
    valueFor: ({ quota }) => quota?.usedBytes ?? null,
  },
];
