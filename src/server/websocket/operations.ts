import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { ServerOptions, Context as SocketContext, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { iteratorOf } from '../../async/iterator.ts';
import { AppError } from '../../domain/errors.ts';
import type { SubscriptionCounter } from '../../metrics/instruments.ts';
import type { Context } from '../../resolvers/context.ts';
import { toClientError } from '../../schema/errors.ts';
import type { Tracer } from '../../tracing/tracer.ts';
import type { Documents } from '../graphql/documents/documents.ts';
import { isQuery } from '../graphql/plugins/use-turns.ts';
import type { Yoga } from '../graphql/yoga.ts';
import { slowConsumer } from '../live/backpressure.ts';
import type { FanOut, Subscribe } from '../live/fan-out.ts';
import { SharedResult } from '../live/shared-result.ts';
import { sharingOf } from '../live/sharing-key.ts';
import { subscriptionField } from '../live/subscription-field.ts';
import { operationSpanName } from '../tracing/operation-name.ts';
import type { ClientName, Turns } from '../turns.ts';
import type { AnswerInOrder } from './answers.ts';
import { closeAmbiguous, closeUnauthorized, closeWithRight } from './close-on-revoke.ts';
import { acceptLanguageIn } from './language.ts';
import { clientId } from './operation-ids.ts';
import { socketSink } from './sink.ts';
import { authorizationIn } from './token.ts';

const MAX_OPERATIONS_PER_SOCKET = 100;

export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Includes the token only after the connection is acknowledged. */
  client: ClientName;
  readonly answerInOrder: AnswerInOrder;
}

export interface SocketOptions {
  readonly documents: Documents;
  readonly yoga: Yoga;
  readonly fanOut: FanOut;
  readonly turns: Turns;
  readonly instruments: SubscriptionCounter;
  readonly tracer: Tracer | null;
  /** The last two are values from `connection_init`. */
  readonly contextOf: (
    request: IncomingMessage,
    authorization: string | undefined,
    acceptLanguage: string | undefined,
  ) => Context;
}

type SocketConnection = SocketContext<Record<string, unknown> | undefined, SocketExtra>;
type Hooks = ServerOptions<Record<string, unknown> | undefined, SocketExtra>;

/** An operation that has not ended. */
interface Running {
  readonly uncount: () => void;
}

/** The data needed to run an operation, passed through graphql-ws as the root value. */
interface Run {
  readonly execute: (args: ExecutionArgs) => Promise<ExecutionResult>;
  readonly subscribe: Subscribe;
  readonly connection: SocketConnection;
  readonly id: string;
  readonly payload: SubscribePayload;
}

/** Runs operations over WebSockets; equal subscriptions are executed once for all WebSockets. */
export function operationsOn(options: SocketOptions): {
  readonly hooks: Pick<Hooks, 'onConnect' | 'onSubscribe' | 'onComplete' | 'execute' | 'subscribe'>;
  /** Resolves when no operation is running. */
  readonly idle: () => Promise<void>;
} {
  const { fanOut, instruments, tracer } = options;
  const running = new Set<Running>();
  const runs = new WeakMap<SocketConnection, Map<string, Running>>();
  const onConnectionIdle = new WeakMap<SocketConnection, () => void>();
  let onIdle: () => void = () => {};

  const contextOf = ({ connectionParams, extra }: SocketConnection): Context =>
    options.contextOf(
      extra.request,
      authorizationIn(connectionParams) ?? undefined,
      acceptLanguageIn(connectionParams),
    );
  const begin = (connection: SocketConnection, id: string, args: ExecutionArgs) => {
    const own = runs.get(connection) ?? new Map<string, Running>();
    runs.set(connection, own);
    const field = subscriptionField(args)?.name.value;
    const mark = { uncount: field === undefined ? () => {} : instruments.subscribed(field) };
    own.set(id, mark);
    running.add(mark);
  };

  const execute: Hooks['execute'] = (args) => {
    const run = args.rootValue as Run;
    if (!isQuery(args)) return run.execute(args);
    const { client, answerInOrder } = run.connection.extra;
    return answerInOrder(() => options.turns.answer(client, () => run.execute(args)));
  };
  const subscribe: Hooks['subscribe'] = (args) => {
    const run = args.rootValue as Run;
    const sharing = sharingOf(args, run.payload.query);
    if (sharing === null) return run.subscribe(args) as never;
    const { language } = args.contextValue as Context;
    const overflow = () => {
      instruments.slowConsumer();
      return failure(toClientError(slowConsumer(), language));
    };
    return stream((end) => {
      const sink = socketSink(run.connection.extra, clientId(run.id), { overflow, end });
      return fanOut.join(sharing, args, run.subscribe, sink);
    });
  };

  const traced = <T>(run: (args: ExecutionArgs) => T): ((args: ExecutionArgs) => T) =>
    tracer === null ? run : (args) => tracer.operation(operationSpanName(args), () => run(args));

  const idleOf = (connection: SocketConnection): Promise<void> =>
    (runs.get(connection)?.size ?? 0) === 0
      ? Promise.resolve()
      : new Promise((resolve) => void onConnectionIdle.set(connection, resolve));

  return {
    idle: () =>
      running.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            onIdle = resolve;
          }),
    hooks: {
      onConnect: (connection) => {
        const { extra } = connection;
        const { socket } = extra;
        if (authorizationIn(connection.connectionParams) === null) {
          closeAmbiguous(socket);
          return false;
        }
        const { principal } = contextOf(connection);
        if (principal instanceof AppError) {
          closeUnauthorized(socket);
          return false;
        }
        extra.client = options.turns.clientBehind(extra.request, principal);
        closeWithRight(socket, principal, () => idleOf(connection));
        return true;
      },
      onSubscribe: (connection, id, payload) => {
        const context = contextOf(connection);
        const { principal, language } = context;
        if (principal instanceof AppError) return [toClientError(principal, language)];
        const prepared = prepare(options, connection, id, payload, context);
        if (!Array.isArray(prepared)) begin(connection, id, prepared);
        return prepared;
      },
      onComplete: (connection, id) => {
        const mark = runs.get(connection)?.get(id);
        runs.get(connection)?.delete(id);
        if (mark !== undefined && running.delete(mark)) mark.uncount();
        if (runs.get(connection)?.size === 0) onConnectionIdle.get(connection)?.();
        if (running.size === 0) onIdle();
      },
      execute: traced(execute),
      subscribe: traced(subscribe),
    },
  };
}

function prepare(
  { yoga, documents }: Pick<SocketOptions, 'yoga' | 'documents'>,
  connection: SocketConnection,
  id: string,
  requested: SubscribePayload,
  contextValue: Context,
): ExecutionArgs | GraphQLError[] {
  const { language } = contextValue;
  const fail = (errors: readonly unknown[]) => errors.map((e) => toClientError(e, language));
  if (Object.keys(connection.subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
    return fail([tooManyOperations()]);
  }
  // Applies the same rules as over HTTP, because all of them are Yoga plugins.
  const { schema, parse, validate, execute, subscribe } = yoga.getEnveloped({} as never);
  try {
    const payload = { ...requested, query: documents.textOf(requested) ?? '' };
    const document = parse(payload.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return fail(errors);
    if (getOperationAST(document, payload.operationName) == null) return fail([unknownOperation()]);
    const rootValue = { execute, subscribe, connection, id, payload } as unknown as Run;
    return {
      schema,
      document,
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? null,
      contextValue,
      rootValue,
    };
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof AppError) return fail([error]);
    throw error;
  }
}

/**
 * An iterator for graphql-ws that never yields: the results are written directly to the WebSocket. It ends
 * when the results end or the client completes. `start` may call `end` itself, and returns a cleanup function.
 */
function stream(start: (end: () => void) => () => void): AsyncIterableIterator<never, void, void> {
  let finish: (result: IteratorResult<never>) => void = () => {};
  const done = new Promise<IteratorResult<never>>((resolve) => {
    finish = resolve;
  });
  let isOver = false;
  let leave = () => {};
  const end = () => {
    isOver = true;
    leave();
    finish({ done: true, value: undefined });
  };
  leave = start(end);
  if (isOver) leave();
  return iteratorOf(
    () => done,
    () => {
      end();
      return done;
    },
  );
}

function failure(error: GraphQLError): SharedResult {
  return new SharedResult({ errors: [error] });
}

function tooManyOperations(): AppError {
  return new AppError('RATE_LIMITED', {
    en: `A WebSocket may run at most ${MAX_OPERATIONS_PER_SOCKET} operations at a time; complete some, or open another WebSocket.`,
    zh: `一个 WebSocket 最多同时运行 ${MAX_OPERATIONS_PER_SOCKET} 个操作；请先结束一些，或打开另一个 WebSocket。`,
  });
}

function unknownOperation(): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: 'The document has no such operation; set operationName to one that it contains.',
    zh: '文档中没有该操作；请将 operationName 设为文档中已有的操作。',
  });
}
