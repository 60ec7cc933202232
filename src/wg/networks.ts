import { networkInterfaces } from 'node:os';

/** An interface's own addresses with their prefix lengths, as the system has them now. */
export type NetworksOf = (interfaceName: string) => readonly string[];

export const systemNetworks: NetworksOf = (interfaceName) =>
  (networkInterfaces()[interfaceName] ?? [])
    .filter(({ scopeid }) => scopeid === undefined || scopeid === 0)
    .flatMap(({ cidr }) => cidr ?? []);
