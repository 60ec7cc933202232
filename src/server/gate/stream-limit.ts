import type { IncomingMessage } from 'node:http';
import { clientBehindAddress } from '../../access/client-networks.ts';
import { AppError } from '../../domain/errors.ts';
import type { ClientAddressOf } from './client-address.ts';

/**
 * Counts a socket or a stream for the client behind its request. Answers what to call when it is gone;
 * throws an `AppError` for one too many.
 */
export type AcquireStream = (request: IncomingMessage) => () => void;

/** Sockets and streams together, since both are held for as long as the client likes. */
export function createStreamLimit(limit: number, clientAddressOf: ClientAddressOf): AcquireStream {
  const counts = new Map<string, number>();
  return (request) => {
    const client = clientBehindAddress(clientAddressOf(request));
    const count = counts.get(client) ?? 0;
    if (count >= limit) throw tooMany(limit);
    counts.set(client, count + 1);
    return () => {
      const left = (counts.get(client) ?? 1) - 1;
      if (left > 0) counts.set(client, left);
      else counts.delete(client);
    };
  };
}

function tooMany(limit: number): AppError {
  return new AppError('RATE_LIMITED', {
    en: `Your address already holds ${limit} WebSockets and event streams; close some, or raise WGQL_MAX_SOCKETS_PER_ADDRESS.`,
    zh: `您的地址已有 ${limit} 个 WebSocket 和事件流；请关闭一些，或调高 WGQL_MAX_SOCKETS_PER_ADDRESS。`,
  });
}
