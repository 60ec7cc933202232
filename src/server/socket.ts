import type { Server as GraphQLSockets } from 'graphql-ws';
import { WebSocket } from 'ws';
import { operationIds } from './operation-ids.ts';
import { MAX_UNREAD_BYTES } from './unread.ts';

/** One that leaves this much unread is cut; no single answer has a tenth of it. */
const MAX_BACKLOG_BYTES = 64 * MAX_UNREAD_BYTES;

/** How often it is seen whether a client reads on. */
const LOOK_EVERY_MS = 50;

export interface SocketOptions {
  /** A client that has not answered a ping when the next one is due is gone. */
  readonly pingEveryMs: number;
  readonly onInternalError: (error: unknown) => void;
}

/** Carries the messages between one WebSocket and graphql-ws, which knows no transport. */
export function connectSocket<Extra extends object>(
  socket: WebSocket,
  sockets: GraphQLSockets<Extra>,
  extra: Extra,
  options: SocketOptions,
): void {
  const ids = operationIds();
  let isAlive = true;
  let unread = 0;
  const pings = setInterval(() => {
    // A slow reader's pong waits behind what it still has to read.
    const isReading = socket.bufferedAmount < unread;
    unread = socket.bufferedAmount;
    if (!isAlive && !isReading) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, options.pingEveryMs);
  /** Whoever does not read what it asked for may not ask for more. */
  const holdBack = () => {
    if (socket.bufferedAmount > MAX_BACKLOG_BYTES) return socket.terminate();
    if (socket.isPaused || socket.bufferedAmount <= MAX_UNREAD_BYTES) return;
    socket.pause();
    const looks = setInterval(() => {
      const isOver = socket.readyState !== WebSocket.OPEN;
      if (!isOver && socket.bufferedAmount > MAX_UNREAD_BYTES) return;
      clearInterval(looks);
      socket.resume();
    }, LOOK_EVERY_MS);
  };
  const opened = sockets.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== WebSocket.OPEN) return resolve();
          socket.send(ids.outbound(data), (error) => (error ? reject(error) : resolve()));
          holdBack();
        }),
      close: (code, reason) => socket.close(code, reason?.replace(/^(Subscriber for )\d+:/, '$1')),
      onMessage: (receive) =>
        socket.on('message', (message) => {
          receive(ids.inbound(message.toString())).catch((error: unknown) => {
            if (socket.readyState === WebSocket.OPEN) options.onInternalError(error);
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
