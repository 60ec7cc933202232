import ipaddr from 'ipaddr.js';
import type { Text } from '../errors.ts';

/** The range of addresses that a prefix covers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Recently parsed ranges: every poll parses the same prefixes. */
const ranges = new Map<string, AddressRange>();
const MAX_RANGES = 200_000;

/** A longer text is not a prefix or has spaces around it; it may come from any client, so it is not cached. */
const MAX_KEPT_LENGTH = 64;

/** Parses a prefix or a single address; null if it is neither. */
export function parseRange(prefix: string): AddressRange | null {
  const known = ranges.get(prefix);
  if (known !== undefined) return known;
  const range = rangeIn(prefix);
  if (range === null || prefix.length > MAX_KEPT_LENGTH) return range;
  if (ranges.size >= MAX_RANGES) ranges.clear();
  // Copied: a substring would keep the whole original text in memory.
  ranges.set(Buffer.from(prefix).toString(), range);
  return range;
}

function rangeIn(prefix: string): AddressRange | null {
  const [address = '', length, ...rest] = prefix.trim().split('/');
  if (rest.length > 0 || address.includes('%')) return null;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return null;
  const parsed = ipaddr.parse(unabbreviated(address));
  const family = parsed.kind() === 'ipv4' ? 4 : 6;
  const bits = family === 4 ? 32 : 128;
  const prefixLength = length === undefined ? bits : Number(length);
  if (prefixLength > bits) return null;
  const value = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const size = 1n << BigInt(bits - prefixLength);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

/**
 * Both `wg` and nft write the addresses below `::1:0:0` as `::1.2.3.4`. The library parses that form as an
 * IPv4-mapped address (`::ffff:1.2.3.4`), unless it has another zero group.
 */
function unabbreviated(address: string): string {
  return address.replace(/^::(?=\d+\.)/, '::0:');
}

/** Formats an address as WireGuard does. */
export function addressText(family: 4 | 6, value: bigint): string {
  const length = family === 4 ? 4 : 16;
  const bytes = Array.from({ length }, (_, index) =>
    Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn),
  );
  const address = ipaddr.fromByteArray(bytes);
  if (address.kind() === 'ipv4') return address.toString();
  const embedded = bytes.slice(12).join('.');
  const head = value >> 32n;
  if (head === 0xffffn) return `::ffff:${embedded}`;
  // The system uses this form unless the first two of the last four bytes are both zero.
  if (head === 0n && value > 0xffffn) return `::${embedded}`;
  return (address as ipaddr.IPv6).toRFC5952String();
}

/** Clears the host bits of a prefix and adds its length if absent; null if the text is not a prefix. */
export function canonicalPrefix(prefix: string): string | null {
  const range = parseRange(prefix);
  if (range === null) return null;
  const bits = range.family === 4 ? 32 : 128;
  const hostBits = (range.last - range.first + 1n).toString(2).length - 1;
  return `${addressText(range.family, range.first)}/${bits - hostBits}`;
}

/**
 * The error message for a prefix with host bits, such as 10.0.0.5/24; null if it has none. WireGuard would
 * silently use the whole network although the client may have meant a single address.
 */
export function hostBitsProblem(prefix: string): Text | null {
  const [address = ''] = prefix.split('/');
  const host = parseRange(address);
  if (host === null || parseRange(prefix)?.first === host.first) return null;
  const [network, one] = [canonicalPrefix(prefix), canonicalPrefix(address)];
  if (network === null) return null;
  return {
    en: `has an address inside a network; write ${one} for that address or ${network} for the network`,
    zh: `含有网段内的地址；若指该地址请写 ${one}，若指该网段请写 ${network}`,
  };
}

/** Whether `wg set` accepts the endpoint: an address and a port, without an IPv6 zone. */
export function isEndpoint(text: string): boolean {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[3]) > 65_535) return false;
  return match[1] === undefined
    ? ipaddr.IPv4.isValidFourPartDecimal(match[2] ?? '')
    : ipaddr.IPv6.isValid(match[1]);
}

/** Whether two comma-separated lists contain the same prefixes in any order: WireGuard reorders them. */
export function areSamePrefixes(before: string, after: string | null): boolean {
  const sorted = (prefixes: string) => prefixes.split(',').sort().join(',');
  return before === after || (after !== null && sorted(before) === sorted(after));
}

/** Whether two prefixes have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [parseRange(one), parseRange(other)];
  if (a === null || b === null || a.family !== b.family) return false;
  return a.first <= b.last && b.first <= a.last;
}

/** Whether a prefix is within one of the networks. */
export function isWithin(prefix: string, networks: readonly string[]): boolean {
  const inner = parseRange(prefix);
  if (inner === null) return false;
  return networks.some((network) => {
    const outer = parseRange(network);
    return (
      outer !== null &&
      outer.family === inner.family &&
      outer.first <= inner.first &&
      inner.last <= outer.last
    );
  });
}
