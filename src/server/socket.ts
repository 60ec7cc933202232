import type { Server as GraphQLSockets } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { SharedResult, Sink } from './fan-out.ts';

/** Between two pings; a client that does not answer until the next one is gone. */
const PING_EVERY_MS = 12_000;

/** Bytes that a client may leave unread before its subscriptions are ended. */
const MAX_UNREAD_BYTES = 1024 * 1024;

const SUFFIX = Buffer.from('}');

/** Carries the messages between one WebSocket and graphql-ws, which knows no transport. */
export function connectSocket<Extra extends object>(
  socket: WebSocket,
  sockets: GraphQLSockets<Extra>,
  extra: Extra,
  onInternalError: (error: unknown) => void,
): void {
  let isAlive = true;
  const pings = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_EVERY_MS);
  const opened = sockets.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== WebSocket.OPEN) return resolve();
          socket.send(data, (error) => (error ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) =>
        socket.on('message', (message) => {
          receive(message.toString()).catch((error: unknown) => {
            if (socket.readyState === WebSocket.OPEN) onInternalError(error);
            socket.close(1011, 'Internal error');
          });
        }),
    },
    extra,
  );
  socket.on('pong', () => {
    isAlive = true;
  });
  // What goes wrong on a socket, such as a message that is too large, also closes it.
  socket.on('error', () => {});
  socket.once('close', (code, reason) => {
    clearInterval(pings);
    void opened(code, reason.toString());
  });
}

/**
 * Writes shared results straight to a socket as `next` messages of one operation: only the id is its
 * own, the rest is copied. `onFull` is called when the client has left too much unread.
 */
export function socketSink(
  socket: WebSocket,
  operationId: string,
  handlers: { readonly onFull: () => void; readonly onEnd: () => void },
): Sink {
  const prefix = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  return {
    push: (shared: SharedResult) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) return handlers.onFull();
      socket.send(Buffer.concat([prefix, shared.bytes, SUFFIX]), { binary: false });
    },
    end: handlers.onEnd,
  };
}
