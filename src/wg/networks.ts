import { networkInterfaces } from 'node:os';

/** An interface's own addresses with their prefix lengths, as the system has them now. */
export type NetworksOf = (interfaceName: string) => readonly string[];

/** An address under which others may reach this machine; null when it has none. */
export function ownAddress(except: string): string | null {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (name === except) continue;
    const found = addresses?.find(({ internal, family }) => !internal && family === 'IPv4');
    if (found !== undefined) return found.address;
  }
  return null;
}

/** Names are looked up among the interfaces alone: an object has members such as `constructor` besides. */
export const systemNetworks: NetworksOf = (interfaceName) =>
  (new Map(Object.entries(networkInterfaces())).get(interfaceName) ?? [])
    .filter(({ scopeid }) => scopeid === undefined || scopeid === 0)
    .flatMap(({ cidr }) => cidr ?? []);
