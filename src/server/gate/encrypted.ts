import type { IncomingMessage } from 'node:http';
import { isFrom, plainAddress } from '../../access/client-networks.ts';

/** Whether the client sent a request by TLS: to this server, or to a trusted proxy that says so. */
export function encryptedRequests(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => boolean {
  return ({ socket, headers }) => {
    if ('encrypted' in socket) return true;
    if (!isFrom(plainAddress(socket.remoteAddress ?? ''), trustedProxies)) return false;
    // Of several proxies, the first one knows how the client connected.
    const [protocol = ''] = String(headers['x-forwarded-proto'] ?? '').split(',');
    return protocol.trim().toLowerCase() === 'https';
  };
}
