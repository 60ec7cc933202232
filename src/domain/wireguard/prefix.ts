import ipaddr from 'ipaddr.js';
import type { Text } from '../errors.ts';

/** A prefix as the range of addresses it covers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Ranges that were asked for lately: every poll asks for the same ones. */
const ranges = new Map<string, AddressRange>();
const MAX_RANGES = 200_000;

/** No prefix is written longer but with spaces around it, and strangers may write what is none. */
const MAX_KEPT_LENGTH = 64;

/** A prefix or a single address as a range; null when it is neither. */
export function parseRange(prefix: string): AddressRange | null {
  const known = ranges.get(prefix);
  if (known !== undefined) return known;
  const range = rangeIn(prefix);
  if (range === null || prefix.length > MAX_KEPT_LENGTH) return range;
  if (ranges.size >= MAX_RANGES) ranges.clear();
  // A part of a longer text would keep all of that.
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
 * Both `wg` and nft write the addresses below `::1:0:0` as `::1.2.3.4`. The library takes that writing
 * for one of IPv4 (`::ffff:1.2.3.4`), but not one with another zero before it.
 */
function unabbreviated(address: string): string {
  return address.replace(/^::(?=\d+\.)/, '::0:');
}

/** The address of a number, as WireGuard writes it. */
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
  // The system's own writing, where the first two of the last four bytes are not both zero.
  if (head === 0n && value > 0xffffn) return `::${embedded}`;
  return (address as ipaddr.IPv6).toRFC5952String();
}

/** The prefix with its host bits masked and its length written; null when it is none. */
export function canonicalPrefix(prefix: string): string | null {
  const range = parseRange(prefix);
  if (range === null) return null;
  const bits = range.family === 4 ? 32 : 128;
  const hostBits = (range.last - range.first + 1n).toString(2).length - 1;
  return `${addressText(range.family, range.first)}/${bits - hostBits}`;
}

/**
 * What is wrong with a prefix that has host bits, such as 10.0.0.5/24; null when it has none. WireGuard would
 * silently take the whole network, where one address may have been meant.
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

/** An endpoint that can be written again: an address and a port, and no scope of an interface. */
export function isEndpoint(text: string): boolean {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[3]) > 65_535) return false;
  return match[1] === undefined
    ? ipaddr.IPv4.isValidFourPartDecimal(match[2] ?? '')
    : ipaddr.IPv6.isValid(match[1]);
}

/** Whether two comma lists hold the same prefixes; WireGuard lists them in an order of its own. */
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

/** Whether one prefix lies in one of the others. */
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
