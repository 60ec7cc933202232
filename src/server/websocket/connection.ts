import type { Server as GraphQLSockets } from 'graphql-ws';
import { WebSocket } from 'ws';
import { withoutSecrets } from '../../domain/secret-like.ts';
import { MAX_UNREAD_BYTES } from '../live/backpressure.ts';
import { operationIds } from './operation-ids.ts';

/** A client with more unread bytes is disconnected; no single response reaches a tenth of this. */
const MAX_BACKLOG_BYTES = 64 * MAX_UNREAD_BYTES;

/** How often a paused client is checked. */
const CHECK_EVERY_MS = 50;

/** The number of received messages of one WebSocket that may wait. */
const MAX_WAITING_MESSAGES = 20;

export interface ConnectOptions {
  /** Runs work when it is the client's turn. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly onInternalError: (error: unknown) => void;
}

/** Passes messages between a WebSocket and graphql-ws, which is independent of the transport. */
export function connectSocket<Extra extends object>(
  socket: WebSocket,
  sockets: GraphQLSockets<Extra>,
  extra: Extra,
  { inTurn, onInternalError }: ConnectOptions,
): void {
  const ids = operationIds();
  let waitingMessages = 0;
  /** Whether the client reads too slowly or sends faster than it gets turns, so that it must be paused. */
  const mustPause = () =>
    socket.bufferedAmount > MAX_UNREAD_BYTES || waitingMessages > MAX_WAITING_MESSAGES;
  const pauseIfNeeded = () => {
    if (socket.bufferedAmount > MAX_BACKLOG_BYTES) return socket.terminate();
    if (socket.isPaused || !mustPause()) return;
    socket.pause();
    const checks = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN && mustPause()) return;
      clearInterval(checks);
      socket.resume();
    }, CHECK_EVERY_MS);
  };
  const receiveInTurn = (receive: (text: string) => Promise<void>, text: string) => {
    waitingMessages++;
    pauseIfNeeded();
    void inTurn(async () => {
      waitingMessages--;
      if (socket.readyState !== WebSocket.OPEN) return;
      receive(ids.inbound(text)).catch((error: unknown) => {
        if (socket.readyState === WebSocket.OPEN) onInternalError(error);
        socket.close(1011, 'Internal error');
      });
    });
  };
  const opened = sockets.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== WebSocket.OPEN) return resolve();
          socket.send(ids.outbound(data), (error) => (error ? reject(error) : resolve()));
          pauseIfNeeded();
        }),
      close: (code, reason) => socket.close(code, closeReason(reason)),
      onMessage: (receive) =>
        socket.on('message', (message) => receiveInTurn(receive, message.toString())),
    },
    extra,
  );
  // An error on a WebSocket, such as a message that is too large, also closes it.
  socket.on('error', () => {});
  // Each ping is answered with a pong, which also fills the write buffer.
  socket.on('ping', pauseIfNeeded);
  socket.once('close', (code, reason) => {
    void opened(code, reason.toString());
  });
}

/** The maximum of the WebSocket protocol. graphql-ws includes the client's own id, which has any length. */
const MAX_REASON_BYTES = 123;

function closeReason(reason: string | undefined): string | undefined {
  const text = withoutSecrets(reason?.replace(/^(Subscriber for )\d+:/, '$1') ?? '');
  return Buffer.byteLength(text) > MAX_REASON_BYTES ? undefined : text;
}
