import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { AppError } from '../../domain/errors.ts';
import type { Instruments, SubscriptionCounter } from '../../metrics/instruments.ts';
import type { AnswerError } from '../answer-error.ts';
import type { AcquireStream } from '../gate/stream-limit.ts';
import type { ServerLimits } from '../limits.ts';
import { answersOn } from './answers.ts';
import { connectSocket } from './connection.ts';
import { startPings } from './heartbeat.ts';
import { operationsOn, type SocketExtra, type SocketOptions } from './operations.ts';

/** More than any operation of this schema needs; the default of `ws` is 100 MB. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** How long a stop waits for subscriptions to complete. */
const COMPLETE_WITHIN_MS = 500;

const GOING_AWAY = 1001;

export interface WebSocketOptions extends SocketOptions {
  readonly instruments: Pick<Instruments, 'connected'> & SubscriptionCounter;
  /** Throws an `AppError` if the request may not be upgraded. */
  readonly admit: (request: IncomingMessage) => void;
  readonly answerError: AnswerError;
  /** Serves a request that offered an upgrade to another protocol as a plain request. */
  readonly serve: RequestListener;
  readonly acquire: AcquireStream;
  readonly limits: Pick<
    ServerLimits,
    'silentForMs' | 'initWithinMs' | 'closeWithinMs' | 'pingEveryMs'
  >;
  readonly onInternalError: (error: unknown) => void;
}

/** Serves `graphql-transport-ws` at /graphql; the returned function closes every WebSocket with 1001. */
export function attachWebSocket(
  server: Server | TlsServer,
  options: WebSocketOptions,
): () => Promise<void> {
  const { turns } = options;
  const { silentForMs, initWithinMs, closeWithinMs, pingEveryMs } = options.limits;
  const settings = {
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols,
    // Missing in the types of `ws`.
    closeTimeout: closeWithinMs,
  };
  const webSockets = new WebSocketServer(settings);
  const operations = operationsOn(options);
  const graphqlSockets = makeServer<Record<string, unknown> | undefined, SocketExtra>({
    connectionInitWaitTimeout: initWithinMs,
    ...operations.hooks,
  });
  const pings = startPings(pingEveryMs);
  webSockets.on('wsClientError', (_, duplex, request) =>
    answer(request, duplex, silentForMs, (response) => {
      response.setHeader('Sec-WebSocket-Version', '13');
      options.answerError(noHandshake(), request, response);
    }),
  );

  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    duplex.on('error', () => duplex.destroy());
    try {
      duplex.once('close', options.acquire(request));
      options.admit(request);
      if (!isWebSocket(request)) {
        if (hasBody(request)) throw noOtherProtocol();
        return answer(request, duplex, silentForMs, (response) => options.serve(request, response));
      }
      if (request.url?.split('?')[0] !== '/graphql') throw noSocketHere();
    } catch (error) {
      return answer(request, duplex, silentForMs, (response) =>
        options.answerError(error, request, response),
      );
    }
    webSockets.handleUpgrade(request, duplex, head, (socket) => {
      pings.watch(socket);
      socket.once('close', options.instruments.connected());
      const extra: SocketExtra = {
        socket,
        request,
        client: turns.clientBehind(request, null),
        answerInOrder: answersOn(request.socket),
      };
      connectSocket(socket, graphqlSockets, extra, {
        inTurn: (work) => turns.message(extra.client, work),
        onInternalError: options.onInternalError,
      });
    });
  });

  return async () => {
    pings.stop();
    // The sources have ended, but the messages that report it may not have been written yet.
    await Promise.race([
      operations.idle(),
      setTimeout(COMPLETE_WITHIN_MS, undefined, { ref: false }),
    ]);
    for (const socket of webSockets.clients) socket.close(GOING_AWAY, 'Going away');
    webSockets.close();
  };
}

/**
 * Answers an upgrade request with a plain response and closes the connection, because the server's own
 * timeouts no longer apply to it.
 */
function answer(
  request: IncomingMessage,
  duplex: Duplex,
  silentForMs: number,
  write: (response: ServerResponse) => void,
): void {
  const socket = duplex as Socket;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.destroySoon());
  socket.setTimeout(silentForMs, () => socket.destroy());
  write(response);
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** Whether the request has a body, which Node.js does not parse after an upgrade. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function noOtherProtocol(): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: 'Only upgrades to WebSocket are supported; send the request without the header Upgrade.',
    zh: '仅支持升级到 WebSocket；请去掉 Upgrade 请求头后重新发送请求。',
  });
}

function noHandshake(): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: 'This is not a valid WebSocket handshake; send a GET with Sec-WebSocket-Key and Sec-WebSocket-Version: 13.',
    zh: '这不是有效的 WebSocket 握手；请发送带有 Sec-WebSocket-Key 和 Sec-WebSocket-Version: 13 的 GET 请求。',
  });
}

function noSocketHere(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'WebSocket is not available at this path; connect to /graphql.',
    zh: '此路径不支持 WebSocket；请连接 /graphql。',
  });
}
