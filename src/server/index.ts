import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { AppError, preferredLanguage, type Text } from '../errors.ts';
import { type Context, createContext, type Services } from '../resolvers/context.ts';
import { errorAnswer } from '../rest/errors.ts';
import { restRouter } from '../rest/index.ts';
import { toJson } from '../rest/json.ts';
import { createFanOut } from './fan-out.ts';
import { refuseNonJson } from './graphql-body.ts';
import { healthz, type Readiness, readyz } from './health.ts';
import { checkHost } from './host.ts';
import { authenticator } from './principal.ts';
import { requirePrincipal } from './require-principal.ts';
import { attachWebSocket } from './websocket.ts';
import { createGraphQL } from './yoga.ts';

export interface ServerOptions {
  readonly services: Services;
  readonly readiness: () => Promise<Readiness>;
  readonly onInternalError: (error: unknown) => void;
}

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Completes subscriptions, closes sockets with 1001 and ends when all connections are gone. */
  close(): Promise<void>;
}

/** How long an unfinished answer may hold up the stop. */
const CLOSE_GRACE_MS = 2_000;

/** Listens with both doors. Rejects with an `AppError` when the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, onInternalError } = options;
  const { config } = services;
  const clientAddressOf = ({ socket }: IncomingMessage) => socket.remoteAddress ?? '';
  const authenticate = authenticator(services.access, clientAddressOf);
  const hostNames = [config.host.toLowerCase(), ...config.allowedHosts];
  const check = (request: IncomingMessage) => checkHost(request.headers.host, hostNames);
  const languageOf = (fallback: keyof Text) => (request: IncomingMessage) =>
    preferredLanguage(request.headers['accept-language'], fallback);
  const contextOf =
    (fallback: keyof Text) =>
    (request: IncomingMessage, authorization?: string): Context =>
      createContext(services, {
        principal: authenticate(request, authorization),
        language: languageOf(fallback)(request),
      });
  const gate: RequestHandler = (request, _, next) => {
    check(request);
    next();
  };

  const fanOut = createFanOut();
  const yoga = createGraphQL({
    fanOut,
    contextOf: contextOf('en'),
    onInternalError,
    hasGraphiql: services.access.isOpen,
  });
  const app = express().disable('x-powered-by').disable('etag');
  app.use(gate);
  app.get('/healthz', healthz);
  app.get(
    '/readyz',
    readyz(options.readiness, (header) => preferredLanguage(header, 'en')),
  );
  app.use(
    '/graphql',
    requirePrincipal(authenticate, languageOf('en')),
    refuseNonJson(languageOf('en')),
    yoga as unknown as RequestHandler,
  );
  app.use(
    '/api',
    restRouter({ contextOf: contextOf('zh'), languageOf: languageOf('zh'), onInternalError }),
  );
  app.use(() => {
    throw new AppError('NOT_FOUND', {
      en: 'There is no such path; GraphQL is at /graphql and the REST API at /api.',
      zh: '没有这个路径；GraphQL 位于 /graphql，REST API 位于 /api。',
    });
  });
  app.use(renderError(languageOf('zh'), onInternalError));

  const server = createServer(app);
  const closeSockets = attachWebSocket(server, {
    yoga,
    fanOut,
    check,
    contextOf: contextOf('en'),
    maxSocketsPerAddress: config.maxSocketsPerAddress,
    onInternalError,
  });
  await listen(server, config.host, config.port);
  return {
    url: urlOf(server.address() as AddressInfo),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await closeSockets();
      await yoga.dispose();
      // A stream that has just ended leaves its connection idle a moment later.
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      const force = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await closed;
      clearInterval(idle);
      clearTimeout(force);
    },
  };
}

/** For what no door handled: the same JSON form, open to any origin. */
function renderError(
  languageOf: (request: IncomingMessage) => keyof Text,
  onInternalError: (error: unknown) => void,
): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { status, body } = errorAnswer(error, languageOf(request));
    if (status === 500) onInternalError(error);
    response
      .set('Access-Control-Allow-Origin', '*')
      .status(status)
      .type('application/json')
      .send(Buffer.from(toJson(body)));
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve);
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  const text: Text =
    error.code === 'EADDRINUSE'
      ? {
          en: `Port ${port} on ${host} is in use; stop the other program or set WGQL_PORT.`,
          zh: `${host} 的端口 ${port} 已被占用；请停止占用它的程序或设置 WGQL_PORT。`,
        }
      : {
          en: `Cannot listen on ${host} port ${port} (${error.code}); check WGQL_HOST and WGQL_PORT.`,
          zh: `无法监听 ${host} 的端口 ${port}（${error.code}）；请检查 WGQL_HOST 和 WGQL_PORT。`,
        };
  return new AppError('UNAVAILABLE', text, [], { cause: error });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
