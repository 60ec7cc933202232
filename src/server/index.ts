import type { IncomingMessage, RequestListener } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { AppError, type Text } from '../domain/errors.ts';
import type { Instruments } from '../metrics/instruments.ts';
import { type Context, createContext, type Services } from '../resolvers/context.ts';
import { metrics } from '../resolvers/metrics/metrics.ts';
import { readinessOf } from '../resolvers/overview/readiness.ts';
import { preflightOfAnyPath, restRouter } from '../rest/index.ts';
import { serveOpenApi } from '../rest/openapi/handler.ts';
import { schema } from '../schema/index.ts';
import { type AnswerError, errorAnswers } from './answer-error.ts';
import { backupDownloads } from './backup/handler.ts';
import { clientPages } from './client-page/handler.ts';
import { connectionsOf } from './connections.ts';
import { authenticator } from './gate/authenticate.ts';
import { clientAddresses } from './gate/client-address.ts';
import { encryptedRequests } from './gate/encrypted.ts';
import { createGate } from './gate/gate.ts';
import { createStreamLimit } from './gate/stream-limit.ts';
import { automaticDocuments } from './graphql/documents/automatic.ts';
import { trustedDocuments } from './graphql/documents/trusted.ts';
import { graphqlHttp } from './graphql/http.ts';
import { createGraphQL } from './graphql/yoga.ts';
import { healthz, readyz } from './health.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { SERVER_LIMITS, type ServerLimits } from './limits.ts';
import { createListener, listen } from './listen.ts';
import { createFanOut } from './live/fan-out.ts';
import { loginRouter } from './login/handler.ts';
import { metricsAnswers } from './metrics/answer.ts';
import { countRequests } from './metrics/requests.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { preferredLanguage } from './preferred-language.ts';
import { securityHeaders } from './security-headers.ts';
import { readTlsFiles } from './tls.ts';
import { traceRequests } from './tracing/requests.ts';
import { createTurns, type InTurn, whileConnected } from './turns.ts';
import { vanishedClients } from './vanished.ts';
import { dashboardDocuments } from './web/files.ts';
import { dashboardPages } from './web/handler.ts';
import { attachWebSocket } from './websocket/upgrade.ts';

export interface ServerOptions {
  readonly services: Services;
  readonly instruments: Instruments;
  readonly onInternalError: (error: unknown) => void;
  /** Receives the number of connections that the stop had to destroy. */
  readonly onCut: (count: number) => void;
  /** Overrides of `SERVER_LIMITS`. */
  readonly limits?: Partial<ServerLimits>;
}

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /**
   * Reloads the certificate and its key for new connections. If they cannot be used, rejects with an
   * `AppError` and keeps the previous ones.
   */
  reload(): Promise<void>;
  /** Stops accepting connections. */
  refuse(): void;
  /**
   * Closes WebSockets with 1001 after their subscriptions have sent their last messages, and resolves when
   * all connections have ended. Destroys those that do not end in time.
   */
  close(): Promise<void>;
}

/** Starts the server with both APIs. Rejects with an `AppError` if it cannot listen on the address. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, instruments, onInternalError } = options;
  const { config, tracer } = services;
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const tls = config.tls && (await readTlsFiles(config.tls));
  const { isOpen } = services.access;
  const clientAddressOf = clientAddresses(config.trustedProxies);
  const authenticate = authenticator(services.access, clientAddressOf);
  const turns = createTurns(clientAddressOf);
  const gate = createGate(config, isOpen);
  const keptAnswers = createKeptAnswers({ services, gate, authenticate });
  const languageOf = (fallback: keyof Text) => (request: Pick<IncomingMessage, 'headers'>) =>
    preferredLanguage(request, config.language ?? fallback);
  const contextOf =
    (fallback: keyof Text) =>
    (request: IncomingMessage, authorization?: string, acceptLanguage?: string): Context => {
      const principal = authenticate(request, authorization);
      const client = turns.clientBehind(request, principal);
      return createContext(services, {
        principal,
        language: languageOf(fallback)(
          acceptLanguage === undefined
            ? request
            : { headers: { 'accept-language': acceptLanguage } },
        ),
        turn: () => turns.step(client, async () => {}),
      });
    };
  const answerError = errorAnswers({ languageOf: languageOf('zh'), onInternalError });

  const fanOut = createFanOut();
  const vanished = vanishedClients(limits.lookForVanishedEveryMs);
  const forRequest =
    (inTurn: InTurn) =>
    <T>(request: IncomingMessage, work: () => Promise<T>) =>
      inTurn(turns.clientBehind(request, authenticate(request)), whileConnected(request, work));
  const { operationWithinMs, listWithinMs, silentForMs } = limits;
  const acquire = createStreamLimit(config.maxSocketsPerAddress, clientAddressOf);
  const documents =
    config.trustedDocuments === null
      ? automaticDocuments()
      : await trustedDocuments(config.trustedDocuments, schema, await dashboardDocuments());
  const yoga = createGraphQL({
    documents,
    users: services.store.users,
    fanOut,
    acquire,
    instruments,
    turns,
    vanished,
    onInternalError,
    operationWithinMs,
    tracer,
  });
  const app = express().disable('x-powered-by').disable('etag');
  app.use((request, response, next) => {
    gate.admit(request);
    response.set('Cache-Control', 'no-store');
    next();
  }, securityHeaders);
  app.get('/healthz', healthz);
  app.get(
    '/readyz',
    readyz(() => readinessOf(services), languageOf('en')),
  );
  app.get('/openapi.json', serveOpenApi());
  const answerMetrics = metricsAnswers(instruments);
  app.all('/metrics', (request, response) => {
    const read = () => metrics(contextOf('en')(request), {});
    return forRequest(turns.answer)(request, () => answerMetrics(request, response, read));
  });
  app.use(
    loginRouter({
      logins: services.access,
      admitLogin: gate.admitLogin,
      contextOf: contextOf('zh'),
      clientAddressOf,
      isEncrypted: encryptedRequests(config.trustedProxies),
    }),
  );
  const backups = { contextOf: contextOf('zh'), silentForMs, onInternalError };
  app.all('/backup', backupDownloads(backups));
  app.use('/c', clientPages(services.clientLinks, languageOf('en')));
  app.use(
    '/graphql',
    graphqlHttp({
      yoga,
      contextOf: contextOf('en'),
      languageOf: languageOf('en'),
      // The page works with documents of its own.
      hasPage: !documents.areTrusted,
      isOpen,
      corsOrigins: config.corsOrigins,
      silentForMs,
      onInternalError,
    }),
  );
  app.use(
    '/api',
    restRouter({
      contextOf: contextOf('zh'),
      languageOf: languageOf('zh'),
      admitChange: gate.admitChange,
      answerWithinMs: operationWithinMs,
      listWithinMs,
      inTurn: forRequest(turns.answer),
      inListTurn: forRequest(turns.list),
      sendUsers: keptAnswers.send,
      onInternalError,
    }),
  );
  app.use(dashboardPages());
  app.use(...preflightOfAnyPath, () => {
    throw new AppError('NOT_FOUND', {
      en: 'There is no such path; the dashboard is at /, GraphQL at /graphql and the REST API at /api.',
      zh: '没有此路径；仪表板位于 /，GraphQL 位于 /graphql，REST API 位于 /api。',
    });
  });
  app.use(renderError(answerError));

  const handle: RequestListener = (request, response) => {
    const sent = keptAnswers.sendAgain(request, response);
    if (sent === false) app(request, response);
    else if (sent !== true) void sent.then((isSent) => isSent || app(request, response));
  };
  const counted = countRequests(handle, instruments, services.clock);
  const traced = tracer === null ? counted : traceRequests(counted, tracer);
  const server = createListener(tls, limits, oneAtATime(traced));
  const closeSockets = attachWebSocket(server, {
    yoga,
    documents,
    fanOut,
    instruments,
    tracer,
    admit: gate.admit,
    answerError,
    serve: app,
    acquire,
    turns,
    contextOf: contextOf('en'),
    limits,
    onInternalError,
  });
  const connections = connectionsOf(server, options.onCut);
  const url = await listen(server, config.host, config.port);
  return {
    url,
    reload: async () => {
      if (config.tls === null || !('setSecureContext' in server)) return;
      server.setSecureContext(await readTlsFiles(config.tls));
    },
    refuse: connections.refuse,
    close: async () => {
      connections.refuse();
      vanished.stop();
      await Promise.all([closeSockets(), connections.end(), yoga.dispose()]);
    },
  };
}

function renderError(answerError: AnswerError): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => answerError(error, request, response);
}
