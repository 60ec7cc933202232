import { MAX_BYTES } from '../bytes.ts';
import { isKey } from './peer-key.ts';
import { presharedKeyDigest } from './preshared-key.ts';
import type { GoodRead, PeerReading, UnknownPeer, UnknownRead } from './reading.ts';

const DECIMAL = /^\d+$/;
const MAX_U64 = 2n ** 64n - 1n;

/**
 * Parses `wg show INTERFACE dump`: an interface line of 4 fields, then a line of 8 fields for each
 * peer, split on tabs alone. A line that is not so makes the whole answer unknown, and its text is
 * not repeated: it may hold keys.
 */
export function parseDump(output: string): GoodRead | UnknownRead {
  const lines = output.split('\n');
  if (lines.pop() !== '') return truncated();
  const [interfaceLine, ...peerLines] = lines;
  if (interfaceLine === undefined) return truncated();
  const [privateKey, publicKey, listenPort, fwmark, ...rest] = interfaceLine.split('\t');
  if (privateKey === undefined || fwmark === undefined || rest.length > 0) return truncated();
  if (publicKey === undefined || !(publicKey === '(none)' || isKey(publicKey))) return truncated();
  if (listenPort === undefined || !DECIMAL.test(listenPort)) return truncated();

  const peers: PeerReading[] = [];
  const unknownPeers: UnknownPeer[] = [];
  for (const line of peerLines) {
    const fields = line.split('\t');
    const peer = fields.length === 8 ? parsePeer(fields) : null;
    if (peer === null) return truncated();
    collectPeer(peer, peers, unknownPeers);
  }
  if (namesAnyTwice([...peers, ...unknownPeers])) return truncated();
  return {
    kind: 'read',
    publicKey: publicKey === '(none)' ? null : publicKey,
    listenPort: Number(listenPort) || null,
    peers,
    unknownPeers,
  };
}

function parsePeer(fields: readonly string[]): PeerReading | null {
  const [publicKey, presharedKey, endpoint, allowedIps, handshake, rx, tx, keepalive] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!isKey(publicKey)) return null;
  const rxBytes = parseCounter(rx);
  const txBytes = parseCounter(tx);
  const latestHandshake = parseWhole(handshake);
  if (rxBytes === null || txBytes === null || latestHandshake === null) return null;
  if (!(keepalive === 'off' || DECIMAL.test(keepalive))) return null;
  if (!(presharedKey === '(none)' || isKey(presharedKey))) return null;
  return {
    publicKey,
    endpoint: endpoint === '(none)' ? null : endpoint,
    allowedIps: allowedIps === '(none)' ? [] : allowedIps.split(','),
    latestHandshake,
    rxBytes,
    txBytes,
    persistentKeepaliveSeconds: keepalive === 'off' ? null : Number(keepalive) || null,
    presharedKeyDigest:
      presharedKey === '(none)' ? null : presharedKeyDigest(Buffer.from(presharedKey, 'base64')),
  };
}

/** A peer that came twice would be booked twice. */
export function namesAnyTwice(peers: readonly { readonly publicKey: string }[]): boolean {
  return new Set(peers.map(({ publicKey }) => publicKey)).size < peers.length;
}

/** A decimal that a number holds exactly; null for anything else. */
export function parseWhole(text: string): number | null {
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** An unsigned 64-bit decimal; null for anything else. */
export function parseCounter(text: string): bigint | null {
  if (!DECIMAL.test(text)) return null;
  const value = BigInt(text);
  return value <= MAX_U64 ? value : null;
}

/** Sorts a peer in: one whose counters are beyond what can be real is unknown. */
export function collectPeer(
  peer: PeerReading,
  peers: PeerReading[],
  unknownPeers: UnknownPeer[],
): void {
  if (peer.rxBytes <= MAX_BYTES && peer.txBytes <= MAX_BYTES) {
    peers.push(peer);
    return;
  }
  unknownPeers.push({
    publicKey: peer.publicKey,
    reason: {
      en: `WireGuard reports ${peer.rxBytes} bytes received and ${peer.txBytes} sent, which cannot be real.`,
      zh: `WireGuard 报告已接收 ${peer.rxBytes} 字节、已发送 ${peer.txBytes} 字节，不可能是真实的。`,
    },
  });
}

/** The answer ended early or is not in WireGuard's form. */
export function truncated(): UnknownRead {
  return {
    kind: 'unknown',
    reason: {
      en: 'WireGuard answered only in part, or in a form that is not known.',
      zh: 'WireGuard 的回答不完整或格式未知。',
    },
  };
}
