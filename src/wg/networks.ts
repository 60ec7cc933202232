import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { type Route, systemRoutes } from './routes.ts';

/** An interface's own addresses with their prefix lengths, as the system has them now. */
export type NetworksOf = (interfaceName: string) => readonly string[];

/** What the system knows of the networks around it. */
export interface HostNetworks {
  readonly networksOf: NetworksOf;
  /** Prefixes that are routed to an interface. */
  readonly routesOf: (interfaceName: string) => readonly string[];
  /** The addresses of all other interfaces, with their prefix lengths. */
  readonly networksBeside: (interfaceName: string) => readonly string[];
  /** The address under which the internet reaches this machine; null where that is not known. */
  readonly publicAddress: () => string | null;
}

/** Addresses by interface; names are looked up among them alone, `constructor` included. */
function addressesByName(): Map<string, string[]> {
  return new Map(
    Object.entries(networkInterfaces()).map(([name, addresses = []]) => [
      name,
      addresses
        .filter(({ scopeid }) => scopeid === undefined || scopeid === 0)
        .flatMap(({ cidr }) => cidr ?? []),
    ]),
  );
}

export const systemNetworks: HostNetworks = {
  networksOf: (name) => addressesByName().get(name) ?? [],
  routesOf: (name) =>
    systemRoutes().flatMap(({ device, prefix }) => (device === name ? prefix : [])),
  networksBeside: (name) =>
    [...addressesByName()].flatMap(([other, own]) => (other === name ? [] : own)),
  publicAddress: () => publicAddressOf(systemRoutes(), addressesByName()),
};

/**
 * The first public address of the interface of the default route, IPv4 before IPv6. A private one, behind
 * a router or a cloud's address translation, is none: clients could not reach it, and it is shown once.
 */
export function publicAddressOf(
  routes: readonly Route[],
  addresses: ReadonlyMap<string, readonly string[]>,
): string | null {
  for (const family of [4, 6] as const) {
    const [route] = routes
      .filter((one) => one.family === family && one.prefix.endsWith('/0'))
      .sort((a, b) => a.metric - b.metric);
    const own = route === undefined ? [] : (addresses.get(route.device) ?? []);
    const found = own
      .map((prefix) => prefix.split('/')[0] ?? '')
      .find((address) => isOfFamily(family, address) && isPublic(address));
    if (found !== undefined) return found;
  }
  return null;
}

function isOfFamily(family: 4 | 6, address: string): boolean {
  return address.includes(':') === (family === 6);
}

const NOT_PUBLIC: ReadonlySet<string> = new Set([
  'private',
  'carrierGradeNat',
  'uniqueLocal',
  'linkLocal',
  'loopback',
  'unspecified',
  'multicast',
  'broadcast',
]);

function isPublic(address: string): boolean {
  return !NOT_PUBLIC.has(ipaddr.parse(address).range());
}
