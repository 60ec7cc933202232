import type { Server as GraphQLSockets } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { SharedResult, Sink } from './fan-out.ts';

/** Between two pings; a client that does not answer until the next one is gone. */
const PING_EVERY_MS = 30_000;

/** Bytes that a client may leave unread before its subscriptions are ended, and nothing more is read. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** One that leaves this much unread is cut; no single answer has a tenth of it. */
const MAX_BACKLOG_BYTES = 64 * MAX_UNREAD_BYTES;

/** How often it is seen whether a client reads on. */
const LOOK_EVERY_MS = 50;

const SUFFIX = Buffer.from('}');

/** Carries the messages between one WebSocket and graphql-ws, which knows no transport. */
export function connectSocket<Extra extends object>(
  socket: WebSocket,
  sockets: GraphQLSockets<Extra>,
  extra: Extra,
  onInternalError: (error: unknown) => void,
): void {
  let isAlive = true;
  let unread = 0;
  const pings = setInterval(() => {
    // A slow reader's pong waits behind what it still has to read.
    const isReading = socket.bufferedAmount < unread;
    unread = socket.bufferedAmount;
    if (!isAlive && !isReading) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_EVERY_MS);
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
          socket.send(data, (error) => (error ? reject(error) : resolve()));
          holdBack();
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
