import type { IncomingMessage } from 'node:http';
import { clientBehindAddress } from '../../access/client-networks.ts';
import { AppError } from '../../domain/errors.ts';
import type { ClientAddressOf } from './client-address.ts';

/**
 * Counts a WebSocket or event stream of a client. Returns a function to call when it has ended; throws an
 * `AppError` if the client has reached the limit.
 */
export type AcquireStream = (request: IncomingMessage) => () => void;

/** Counts WebSockets and event streams together, because clients can keep both open indefinitely. */
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
    en: `Your address already has ${limit} open WebSockets and event streams; close some, or raise WGQL_MAX_SOCKETS_PER_ADDRESS.`,
    zh: `您的地址已打开 ${limit} 个 WebSocket 和事件流；请关闭一些，或调高 WGQL_MAX_SOCKETS_PER_ADDRESS。`,
  });
}
