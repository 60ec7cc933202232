import type { IncomingMessage, Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type ExecutionArgs, GraphQLError, getOperationAST, parse, validate } from 'graphql';
import type { Context as SocketContext } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { AppError } from '../errors.ts';
import type { Context } from '../resolvers/context.ts';
import { toClientError } from '../schema/errors.ts';
import type { Yoga } from './yoga.ts';

/** No operation of this schema comes near it; ws itself would read 100 MB. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** How long a stop waits for subscriptions to complete. */
const COMPLETE_WITHIN_MS = 1_000;

export interface WebSocketOptions {
  readonly yoga: Yoga;
  /** Throws an `AppError` when the request may not be upgraded. */
  readonly check: (request: IncomingMessage) => void;
  /** `authorization` is what `connection_init` brought. */
  readonly contextOf: (request: IncomingMessage, authorization: string | undefined) => Context;
}

/** Serves `graphql-transport-ws` at /graphql; the answer closes every socket with 1001. */
export function attachWebSocket(server: Server, options: WebSocketOptions): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      options.check(request);
    } catch {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    if (request.url?.split('?')[0] !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      sockets.emit('connection', client, request),
    );
  });

  const contextOf = ({
    connectionParams,
    extra,
  }: SocketContext<Record<string, unknown> | undefined, Extra>): Context => {
    const params = connectionParams;
    const authorization = params?.Authorization ?? params?.authorization;
    return options.contextOf(
      extra.request,
      typeof authorization === 'string' ? authorization : undefined,
    );
  };
  const operations = new Set<string>();
  let onIdle: () => void = () => {};
  const disposable = useServer(
    {
      connectionInitWaitTimeout: 3_000,
      onConnect: (socket) => contextOf(socket).principal !== null,
      onSubscribe: (socket, id, payload) => {
        const { schema, execute, subscribe } = options.yoga.getEnveloped({
          req: socket.extra.request,
        } as never);
        const context = contextOf(socket);
        try {
          const document = parse(payload.query, { maxTokens: 5_000 });
          const errors = validate(schema, document);
          const operation = getOperationAST(document, payload.operationName);
          if (errors.length > 0) return errors.map((e) => toClientError(e, context.language));
          if (operation == null) return [toClientError(unknownOperation(), context.language)];
          operations.add(operationKey(socket.extra.request, id));
          return {
            schema,
            document,
            operationName: payload.operationName,
            variableValues: payload.variables,
            contextValue: context,
            rootValue: { execute, subscribe },
          } as ExecutionArgs;
        } catch (error) {
          if (error instanceof GraphQLError) return [toClientError(error, context.language)];
          throw error;
        }
      },
      onComplete: (socket, id) => {
        operations.delete(operationKey(socket.extra.request, id));
        if (operations.size === 0) onIdle();
      },
      execute: (args) => (args.rootValue as Runner).execute(args),
      subscribe: (args) => (args.rootValue as Runner).subscribe(args),
    },
    sockets,
    12_000,
  );
  return async () => {
    // Their sources have ended, but what says so may still be on its way out.
    if (operations.size > 0) {
      await Promise.race([
        new Promise<void>((resolve) => {
          onIdle = resolve;
        }),
        setTimeout(COMPLETE_WITHIN_MS, undefined, { ref: false }),
      ]);
    }
    await disposable.dispose();
  };
}

/** Ids are the clients' own, and unique only on one socket. */
function operationKey({ socket }: IncomingMessage, id: string): string {
  return `${socket.remoteAddress}:${socket.remotePort}:${id}`;
}

interface Runner {
  readonly execute: (args: ExecutionArgs) => Promise<never>;
  readonly subscribe: (args: ExecutionArgs) => Promise<never>;
}

function unknownOperation(): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: 'The document has no such operation; name one that it has in operationName.',
    zh: '文档中没有该操作；请在 operationName 中指定已有的操作。',
  });
}
