import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { connectSocket } from './socket.ts';
import { operationsOn, type SocketExtra, type SocketOptions } from './socket-operations.ts';

/** No operation of this schema comes near it; ws itself would read 100 MB. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** How long a client may wait with its `connection_init`. */
const INIT_WITHIN_MS = 3_000;

/** How long a stop waits for subscriptions to complete. */
const COMPLETE_WITHIN_MS = 1_000;

const GOING_AWAY = 1001;

export interface WebSocketOptions extends SocketOptions {
  /** Throws an `AppError` when the request may not be upgraded. */
  readonly check: (request: IncomingMessage) => void;
  readonly maxSocketsPerAddress: number;
  readonly onInternalError: (error: unknown) => void;
}

/** Serves `graphql-transport-ws` at /graphql; the answer closes every socket with 1001. */
export function attachWebSocket(server: Server, options: WebSocketOptions): () => Promise<void> {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols,
  });
  const operations = operationsOn(options);
  const graphqlSockets = makeServer<Record<string, unknown> | undefined, SocketExtra>({
    connectionInitWaitTimeout: INIT_WITHIN_MS,
    ...operations.hooks,
  });
  const admit = admission(options.maxSocketsPerAddress);

  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    duplex.on('error', () => duplex.destroy());
    const refuse = (status: string) =>
      duplex.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    try {
      options.check(request);
    } catch {
      return refuse('403 Forbidden');
    }
    if (request.url?.split('?')[0] !== '/graphql') return refuse('404 Not Found');
    const leave = admit(request.socket.remoteAddress ?? '');
    if (leave === null) return refuse('429 Too Many Requests');
    duplex.once('close', leave);
    webSockets.handleUpgrade(request, duplex, head, (socket) =>
      connectSocket(socket, graphqlSockets, { socket, request }, options.onInternalError),
    );
  });

  return async () => {
    // Their sources have ended, but what says so may still be on its way out.
    await Promise.race([
      operations.idle(),
      setTimeout(COMPLETE_WITHIN_MS, undefined, { ref: false }),
    ]);
    for (const socket of webSockets.clients) socket.close(GOING_AWAY, 'Going away');
    webSockets.close();
  };
}

/** Counts sockets by address; null for one too many, else what to call when it is gone. */
function admission(limit: number): (address: string) => (() => void) | null {
  const counts = new Map<string, number>();
  return (address) => {
    const count = counts.get(address) ?? 0;
    if (count >= limit) return null;
    counts.set(address, count + 1);
    return () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    };
  };
}
