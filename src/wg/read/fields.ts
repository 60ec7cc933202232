import { MAX_BYTES } from '../../domain/bytes.ts';
import type { Text } from '../../domain/errors.ts';
import { parseRange } from '../../domain/wireguard/prefix.ts';
import type { PeerSnapshot, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import { presharedKeyDigest } from './key-digest.ts';

/** One peer as WireGuard reports it, with "none" and "off" already resolved. */
export interface RawPeer {
  /** In the notation of the response; null means no key. */
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

/** What is known of a peer from its last valid text. */
export interface KnownFields {
  readonly snapshot: PeerSnapshot;
  readonly configuration: Configuration;
}

/** The fields that rarely change. */
interface Configuration
  extends Pick<PeerSnapshot, 'endpoint' | 'allowedIps' | 'presharedKeyDigest'> {
  /** In the notation of the response; null means no key. */
  readonly presharedKey: string | null;
}

/** A key in base64; null if the text is not one. */
export type KeyOf = (text: string) => string | null;

const DECIMAL = /^\d+$/;
const MAX_U64 = 2n ** 64n - 1n;
const MAX_U16 = 65_535;

/** More than any network has behind one peer; each costs memory at every poll. */
export const MAX_ALLOWED_IPS = 10_000;

/** An address with its port and scope has at most 61 characters; `wg` may print an error instead. */
const MAX_ENDPOINT_LENGTH = 128;

/**
 * The peer, or the reason why its data is rejected. Fields that are as before are not checked again, and keep
 * their values.
 */
export function readPeer(
  publicKey: string,
  raw: RawPeer,
  before: KnownFields | null,
  keyOf: KeyOf,
): KnownFields | Text {
  const numbers: Numbers = {
    rxBytes: parseCounter(raw.rxBytes ?? ''),
    txBytes: parseCounter(raw.txBytes ?? ''),
    handshake: handshakeOf(raw),
    keepalive: parseU16(raw.keepaliveSeconds),
  };
  const { rxBytes, txBytes, handshake, keepalive } = numbers;
  const malformedNumber = NUMBER_CHECKS.find(([, , isGood]) => !isGood(raw, numbers));
  if (malformedNumber !== undefined) return malformed(malformedNumber[0], malformedNumber[1]);
  const known = before?.configuration ?? NO_CONFIGURATION;
  const configuration = isSame(known, raw) ? known : readConfiguration(raw, known, keyOf);
  if ('en' in configuration) return configuration;
  if (rxBytes === null || txBytes === null || rxBytes > MAX_BYTES || txBytes > MAX_BYTES) {
    return impossible(rxBytes ?? 0n, txBytes ?? 0n);
  }
  const { endpoint, allowedIps, presharedKeyDigest } = configuration;
  return {
    configuration,
    snapshot: {
      publicKey,
      endpoint,
      allowedIps,
      latestHandshake: handshake ?? null,
      rxBytes,
      txBytes,
      persistentKeepaliveSeconds: keepalive || null,
      presharedKeyDigest,
    },
  };
}

const NO_CONFIGURATION: Configuration = {
  presharedKey: null,
  presharedKeyDigest: null,
  endpoint: null,
  allowedIps: [],
};

function isSame(known: Configuration, raw: RawPeer): boolean {
  return (
    known.presharedKey === raw.presharedKey &&
    known.endpoint === raw.endpoint &&
    areSame(known.allowedIps, raw.allowedIps)
  );
}

function readConfiguration(
  { presharedKey, endpoint, allowedIps }: RawPeer,
  known: Configuration,
  keyOf: KeyOf,
): Configuration | Text {
  const hasSameKey = known.presharedKey === presharedKey;
  const key = presharedKey === null || hasSameKey ? null : keyOf(presharedKey);
  if (presharedKey !== null && !hasSameKey && key === null) {
    return malformed('preshared key', '预共享密钥');
  }
  if ((endpoint ?? '').length > MAX_ENDPOINT_LENGTH) return malformed('endpoint', '端点');
  const hasSameIps = areSame(known.allowedIps, allowedIps);
  if (!hasSameIps && !areAllowedIps(allowedIps)) return malformed('allowed IPs', '允许的 IP');
  return {
    presharedKey: hasSameKey ? known.presharedKey : copied(presharedKey),
    presharedKeyDigest: hasSameKey
      ? known.presharedKeyDigest
      : key && presharedKeyDigest(Buffer.from(key, 'base64')),
    endpoint: known.endpoint === endpoint ? known.endpoint : copied(endpoint),
    allowedIps: hasSameIps ? known.allowedIps : allowedIps.map((prefix) => copied(prefix)),
  };
}

function areSame(before: readonly string[], now: readonly string[]): boolean {
  return before.length === now.length && before.every((prefix, index) => prefix === now[index]);
}

function areAllowedIps(prefixes: readonly string[]): boolean {
  return (
    prefixes.length <= MAX_ALLOWED_IPS && prefixes.every((prefix) => parseRange(prefix) !== null)
  );
}

/** A substring would keep the whole response in memory. */
export function copied<T extends string | null>(text: T): T {
  return (text === null ? null : Buffer.from(text, 'latin1').toString('latin1')) as T;
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

/** The numbers that may be malformed, with their names in both languages and the check of their form. */
const NUMBER_CHECKS: readonly (readonly [en: string, zh: string, isGood: IsGood])[] = [
  ['fields', '字段', ({ contradictsItself }) => !contradictsItself],
  ['counters', '计数器', (_, { rxBytes, txBytes }) => rxBytes !== null && txBytes !== null],
  ['latest handshake', '最近握手时间', (_, { handshake }) => handshake !== undefined],
  ['persistent keepalive', '保活间隔', (_, { keepalive }) => keepalive !== null],
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

export const NAMED_TWICE: Text = {
  en: 'WireGuard lists this peer twice, so the state of the peer is unknown.',
  zh: 'WireGuard 重复列出了该对等节点，因此其状态未知。',
};
