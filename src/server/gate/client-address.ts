import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isFrom, plainAddress } from '../../access/client-networks.ts';

/** The address of the client behind a request. */
export type ClientAddressOf = (request: IncomingMessage) => string;

/** The address of an unknown client; it is in no prefix. */
const UNKNOWN = '';

/**
 * Returns the remote address of the connection. If that is a trusted proxy, returns the nearest address in
 * `X-Forwarded-For` that is not a trusted proxy. If that is missing or invalid, the client is unknown: it
 * matches no allowed prefix, and is counted together with all other unknown clients.
 */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddressOf {
  const trusted = (address: string) => isFrom(address, trustedProxies);
  return ({ socket, headers }) => {
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (!trusted(peer)) return peer;
    // A proxy may set another header or none; the address of the proxy must not stand for the client.
    const written = (headers['x-forwarded-for'] as string | undefined) ?? '';
    const hops = written.split(',').map((hop) => plainAddress(hop.trim()));
    // Entries before the nearest untrusted hop can be forged by the client.
    const nearest = hops.findLast((hop) => !trusted(hop)) ?? hops[0] ?? '';
    return isIP(nearest) === 0 ? UNKNOWN : nearest;
  };
}
