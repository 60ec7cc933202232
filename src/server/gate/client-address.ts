import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isFrom, plainAddress } from '../../access/client-networks.ts';

/** The address of the client behind a request. */
export type ClientAddressOf = (request: IncomingMessage) => string;

/** No address lies in no prefix. */
const NOBODY = '';

/**
 * The peer of the connection; where that is a trusted proxy, the nearest address that is not one in
 * what the proxies wrote. Where that cannot be read, or none wrote anything, the client is nobody: allowed
 * from nowhere, and counted with all others of whom nothing is known.
 */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddressOf {
  const trusted = (address: string) => isFrom(address, trustedProxies);
  return ({ socket, headers }) => {
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (!trusted(peer)) return peer;
    // A proxy may write another header, or none: its own address is nobody's right.
    const written = (headers['x-forwarded-for'] as string | undefined) ?? '';
    const hops = written.split(',').map((hop) => plainAddress(hop.trim()));
    // What lies beyond the nearest hop that is no trusted proxy anybody may have written.
    const nearest = hops.findLast((hop) => !trusted(hop)) ?? hops[0] ?? '';
    return isIP(nearest) === 0 ? NOBODY : nearest;
  };
}
