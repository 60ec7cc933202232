import { MAX_BYTES } from '../../domain/bytes.ts';
import type { Text } from '../../domain/errors.ts';
import { isKey } from '../../domain/wireguard/key.ts';
import { parseRange } from '../../domain/wireguard/prefix.ts';
import type { PeerSnapshot, UnknownPeer, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import { presharedKeyDigest } from './key-digest.ts';

/** One peer as WireGuard reports it, with "none" and "off" already resolved. */
export interface RawPeer {
  /** Base64, valid. */
  readonly publicKey: string;
  /** Base64; null means no key. */
  readonly presharedKey: string | null;
  readonly endpoint: string | null;
  readonly allowedIps: readonly string[];
  /** undefined if WireGuard did not report it, as boringtun without a session. */
  readonly handshakeSeconds: string | undefined;
  readonly handshakeNanoseconds: string;
  /** undefined if WireGuard did not report it. */
  readonly rxBytes: string | undefined;
  readonly txBytes: string | undefined;
  readonly keepaliveSeconds: string;
  /** A field appeared twice. */
  readonly contradictsItself: boolean;
}

/** The peers of one interface, with the implausible ones separated. */
export interface ReadPeers {
  readonly peers: PeerSnapshot[];
  readonly unknownPeers: UnknownPeer[];
}

const DECIMAL = /^\d+$/;
const MAX_U64 = 2n ** 64n - 1n;
const MAX_U16 = 65_535;

/** More than any network has behind one peer; each costs memory at every poll. */
const MAX_ALLOWED_IPS = 10_000;

/** An address with its port and scope has at most 61 characters; `wg` may print an error instead. */
const MAX_ENDPOINT_LENGTH = 128;

/**
 * Checks every field. A peer with an invalid field is unknown; the other peers are not affected. A peer that
 * is listed twice is unknown too, because it would be booked twice.
 */
export function readPeers(raw: readonly RawPeer[]): ReadPeers {
  const counted = new Map<string, number>();
  for (const { publicKey } of raw) counted.set(publicKey, (counted.get(publicKey) ?? 0) + 1);
  const peers: PeerSnapshot[] = [];
  const unknownPeers = new Map<string, UnknownPeer>();
  for (const one of raw) {
    const { publicKey } = one;
    const peer = counted.get(publicKey) === 1 ? readPeer(one) : NAMED_TWICE;
    if ('en' in peer) unknownPeers.set(publicKey, { publicKey, reason: peer });
    else peers.push(peer);
  }
  return { peers, unknownPeers: [...unknownPeers.values()] };
}

/** The peer, or the reason why its data is rejected. */
function readPeer(raw: RawPeer): PeerSnapshot | Text {
  const numbers: Numbers = {
    rxBytes: parseCounter(raw.rxBytes ?? ''),
    txBytes: parseCounter(raw.txBytes ?? ''),
    handshake: handshakeOf(raw),
    keepalive: parseU16(raw.keepaliveSeconds),
  };
  const failed = CHECKS.find(([, , isGood]) => !isGood(raw, numbers));
  if (failed !== undefined) return malformed(failed[0], failed[1]);
  const { rxBytes, txBytes, handshake, keepalive } = numbers;
  const bytes = { rxBytes: rxBytes ?? 0n, txBytes: txBytes ?? 0n };
  if (bytes.rxBytes > MAX_BYTES || bytes.txBytes > MAX_BYTES) {
    return impossible(bytes.rxBytes, bytes.txBytes);
  }
  const { publicKey, presharedKey, endpoint, allowedIps } = raw;
  return {
    publicKey,
    endpoint,
    allowedIps,
    latestHandshake: handshake ?? null,
    ...bytes,
    persistentKeepaliveSeconds: keepalive || null,
    presharedKeyDigest:
      presharedKey === null ? null : presharedKeyDigest(Buffer.from(presharedKey, 'base64')),
  };
}

/** The numbers of a peer, each parsed once; null is malformed. */
interface Numbers {
  readonly rxBytes: bigint | null;
  readonly txBytes: bigint | null;
  /** As `handshakeOf` returns it. */
  readonly handshake: number | null | undefined;
  readonly keepalive: number | null;
}

type IsGood = (raw: RawPeer, numbers: Numbers) => boolean;

/** The fields that may be malformed, with their names in both languages and the check of their form. */
const CHECKS: readonly (readonly [en: string, zh: string, isGood: IsGood])[] = [
  ['fields', '字段', ({ contradictsItself }) => !contradictsItself],
  ['counters', '计数器', (_, { rxBytes, txBytes }) => rxBytes !== null && txBytes !== null],
  ['latest handshake', '最近握手时间', (_, { handshake }) => handshake !== undefined],
  ['persistent keepalive', '保活间隔', (_, { keepalive }) => keepalive !== null],
  ['preshared key', '预共享密钥', ({ presharedKey: key }) => key === null || isKey(key)],
  ['endpoint', '端点', ({ endpoint }) => (endpoint ?? '').length <= MAX_ENDPOINT_LENGTH],
  [
    'allowed IPs',
    '允许的 IP',
    ({ allowedIps }) =>
      allowedIps.length <= MAX_ALLOWED_IPS &&
      allowedIps.every((prefix) => parseRange(prefix) !== null),
  ],
];

/** Seconds; null if the daemon does not report it, undefined if it is not a number. */
function handshakeOf(raw: RawPeer): number | null | undefined {
  const nanoseconds = parseWhole(raw.handshakeNanoseconds);
  if (nanoseconds === null) return undefined;
  if (raw.handshakeSeconds === undefined) return null;
  const seconds = parseWhole(raw.handshakeSeconds);
  if (seconds === null) return undefined;
  // boringtun writes an age, which is 0 seconds and some nanoseconds right after a handshake: interpreted as
  // "never", it would look like a reset of the counters.
  return seconds === 0 && nanoseconds > 0 ? 1 : seconds;
}

/** A decimal that a number represents exactly; null for anything else. */
function parseWhole(text: string): number | null {
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** A port or an interval; null for anything that is neither. */
export function parseU16(text: string): number | null {
  const number = parseWhole(text);
  return number !== null && number <= MAX_U16 ? number : null;
}

/** An unsigned 64-bit decimal; null for anything else. */
export function parseCounter(text: string): bigint | null {
  if (!DECIMAL.test(text) || text.length > 20) return null;
  const value = BigInt(text);
  return value <= MAX_U64 ? value : null;
}

/** The response ended early or does not have WireGuard's format. */
export function truncated(): UnknownRead {
  return {
    kind: 'unknown',
    reason: {
      en: 'The response of WireGuard is incomplete or has an unknown format.',
      zh: 'WireGuard 的响应不完整或格式未知。',
    },
  };
}

function malformed(en: string, zh: string): Text {
  return {
    en: `The ${en} that WireGuard reports for this peer cannot be parsed, so the state of the peer is unknown.`,
    zh: `WireGuard 报告的该对等节点的${zh}无法解析，因此该对等节点的状态未知。`,
  };
}

function impossible(rxBytes: bigint, txBytes: bigint): Text {
  return {
    en: `WireGuard reports ${rxBytes} bytes received and ${txBytes} bytes sent, which is impossible.`,
    zh: `WireGuard 报告已接收 ${rxBytes} 字节、已发送 ${txBytes} 字节，这是不可能的。`,
  };
}

const NAMED_TWICE: Text = {
  en: 'WireGuard lists this peer twice, so the state of the peer is unknown.',
  zh: 'WireGuard 重复列出了该对等节点，因此其状态未知。',
};
