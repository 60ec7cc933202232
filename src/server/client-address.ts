import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isWithin, plainAddress } from '../prefix.ts';

/** The address of the client behind a request. */
export type ClientAddressOf = (request: IncomingMessage) => string;

/**
 * The peer of the connection; where that is a trusted proxy, the nearest address that is not one in
 * what the proxies wrote. What a proxy did not write properly is not believed at all.
 */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddressOf {
  const trusted = (address: string) => isWithin(address, trustedProxies);
  return ({ socket, headers }) => {
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (!trusted(peer)) return peer;
    const hops = (headers['x-forwarded-for'] as string | undefined)?.split(',') ?? [];
    const addresses = hops.map((hop) => plainAddress(hop.trim()));
    if (addresses.some((address) => isIP(address) === 0)) return peer;
    return addresses.findLast((address) => !trusted(address)) ?? addresses[0] ?? peer;
  };
}
