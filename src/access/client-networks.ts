import { isIPv6 } from 'node:net';
import { canonicalPrefix, isWithin } from '../domain/wireguard/prefix.ts';

/** Removes the scope of an address, and converts an IPv4-mapped IPv6 address in any notation to IPv4. */
export function plainAddress(address: string): string {
  const bare = address.split('%')[0] ?? '';
  return isIPv6(bare) ? unmapped(bare).replace(/\/32$/, '') : bare;
}

/** Whether an address is in one of the prefixes; false if it cannot be parsed. */
export function isFrom(address: string, networks: readonly string[]): boolean {
  return isWithin(plainAddress(address), networks.map(unmapped));
}

/** Returns the prefix that counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
export function clientBehindAddress(address: string): string {
  const plain = plainAddress(address);
  return canonicalPrefix(plain.includes(':') ? `${plain}/64` : plain) ?? 'unknown';
}

/** Converts a prefix within `::ffff:0:0/96` to its IPv4 prefix; returns any other unchanged. */
function unmapped(prefix: string): string {
  const canonical = canonicalPrefix(prefix) ?? '';
  const [, address, length] = /^::ffff:([\d.]+)\/(\d+)$/.exec(canonical) ?? [];
  return address === undefined ? prefix : `${address}/${Number(length) - 96}`;
}
