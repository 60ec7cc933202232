import { isIPv6 } from 'node:net';
import { canonicalPrefix, isWithin } from '../domain/wireguard/prefix.ts';

/** An address without its scope; one of IPv4 that is written as IPv6, however that is, is that of IPv4. */
export function plainAddress(address: string): string {
  const bare = address.split('%')[0] ?? '';
  return isIPv6(bare) ? unmapped(bare).replace(/\/32$/, '') : bare;
}

/** Whether a client's address lies in one of the prefixes; one that cannot be read lies in none. */
export function isFrom(address: string, networks: readonly string[]): boolean {
  return isWithin(plainAddress(address), networks.map(unmapped));
}

/** What counts as one client: an IPv4 address, or the /64 that one IPv6 host commands anyway. */
export function clientBehindAddress(address: string): string {
  const plain = plainAddress(address);
  return canonicalPrefix(plain.includes(':') ? `${plain}/64` : plain) ?? 'unknown';
}

/** A prefix within `::ffff:0:0/96` as the one of IPv4 that it stands for, any other as it is. */
function unmapped(prefix: string): string {
  const canonical = canonicalPrefix(prefix) ?? '';
  const [, address, length] = /^::ffff:([\d.]+)\/(\d+)$/.exec(canonical) ?? [];
  return address === undefined ? prefix : `${address}/${Number(length) - 96}`;
}
