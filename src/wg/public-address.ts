import ipaddr from 'ipaddr.js';
import { isWithin } from '../domain/wireguard/prefix.ts';
import type { HostAddress } from './host-addresses.ts';
import type { Route } from './read/routes.ts';

/**
 * Returns the first public address of the interface of the default route, IPv4 before IPv6. A private
 * address, behind a router or a cloud's address translation, does not count: clients could not reach it, and
 * the configuration is shown only once. Clients do not reach a tunnel's server through a tunnel, so routes
 * into `wireGuard` are ignored.
 */
export function publicAddressOf(
  routes: readonly Route[],
  addresses: readonly HostAddress[],
  wireGuard: readonly string[],
): string | null {
  for (const family of [4, 6] as const) {
    const [route] = routes
      .filter((one) => one.family === family && one.prefix.endsWith('/0'))
      .filter(({ device }) => !wireGuard.includes(device))
      .sort((a, b) => a.metric - b.metric);
    const found = addresses
      .filter(({ device, isLasting }) => device === route?.device && isLasting)
      .map(({ prefix }) => prefix.split('/')[0] ?? '')
      .find((address) => address.includes(':') === (family === 6) && isPublic(address));
    if (found !== undefined) return found;
  }
  return null;
}

/** Reserved for documentation: examples and test networks use them instead of public addresses. */
const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'];

/** The assigned part of IPv6; the library also treats unassigned addresses as unicast. */
const GLOBAL_IPV6 = '2000::/3';

function isPublic(address: string): boolean {
  if (isWithin(address, DOCUMENTATION)) return true;
  if (ipaddr.parse(address).range() !== 'unicast') return false;
  return !address.includes(':') || isWithin(address, [GLOBAL_IPV6]);
}
