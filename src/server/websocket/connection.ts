import type { Server as GraphQLSockets } from 'graphql-ws';
import { WebSocket } from 'ws';
import { withoutSecrets } from '../../domain/secret-like.ts';
import { MAX_UNREAD_BYTES } from '../live/backpressure.ts';
import { operationIds } from './operation-ids.ts';

/** One that leaves this much unread is cut; no single answer has a tenth of it. */
const MAX_BACKLOG_BYTES = 64 * MAX_UNREAD_BYTES;

/** How often it is seen whether a client reads on. */
const LOOK_EVERY_MS = 50;

/** Messages of one socket that may wait to be read. */
const MAX_WAITING_MESSAGES = 20;

export interface ConnectOptions {
  /** Runs work when the client's turn has come. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly onInternalError: (error: unknown) => void;
}

/** Carries the messages between one WebSocket and graphql-ws, which knows no transport. */
export function connectSocket<Extra extends object>(
  socket: WebSocket,
  sockets: GraphQLSockets<Extra>,
  extra: Extra,
  { inTurn, onInternalError }: ConnectOptions,
): void {
  const ids = operationIds();
  let waitingMessages = 0;
  /** Whoever does not read what it asked for, or asks faster than its turns come, may not ask for more. */
  const isHeldBack = () =>
    socket.bufferedAmount > MAX_UNREAD_BYTES || waitingMessages > MAX_WAITING_MESSAGES;
  const holdBack = () => {
    if (socket.bufferedAmount > MAX_BACKLOG_BYTES) return socket.terminate();
    if (socket.isPaused || !isHeldBack()) return;
    socket.pause();
    const looks = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN && isHeldBack()) return;
      clearInterval(looks);
      socket.resume();
    }, LOOK_EVERY_MS);
  };
  const receiveInTurn = (receive: (text: string) => Promise<void>, text: string) => {
    waitingMessages++;
    holdBack();
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
          holdBack();
        }),
      close: (code, reason) => socket.close(code, closeReason(reason)),
      onMessage: (receive) =>
        socket.on('message', (message) => receiveInTurn(receive, message.toString())),
    },
    extra,
  );
  // What goes wrong on a socket, such as a message that is too large, also closes it.
  socket.on('error', () => {});
  // Each is answered with a pong.
  socket.on('ping', holdBack);
  socket.once('close', (code, reason) => {
    void opened(code, reason.toString());
  });
}

/** WebSocket has room for 123 bytes of it. graphql-ws puts the client's own id into it, of any length. */
const MAX_REASON_BYTES = 123;

function closeReason(reason: string | undefined): string | undefined {
  const text = withoutSecrets(reason?.replace(/^(Subscriber for )\d+:/, '$1') ?? '');
  return Buffer.byteLength(text) > MAX_REASON_BYTES ? undefined : text;
}
