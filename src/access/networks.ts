import { canonicalPrefix, isWithin, plainAddress } from '../prefix.ts';

/** Whether a client's address lies in one of the prefixes; one that cannot be read lies in none. */
export function isFrom(address: string, networks: readonly string[]): boolean {
  return isWithin(plainAddress(address), networks);
}

/** What counts as one client: an IPv4 address, or the /64 that one IPv6 host commands anyway. */
export function clientOf(address: string): string {
  const plain = plainAddress(address);
  return canonicalPrefix(plain.includes(':') ? `${plain}/64` : plain) ?? 'unknown';
}
