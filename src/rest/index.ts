import {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { withTimeout } from '../async/deadline.ts';
import { AppError, isOfServer, type Text } from '../domain/errors.ts';
import { allowedHeaders } from '../http/allowed-headers.ts';
import { authorize } from '../resolvers/authorize.ts';
import type { Context } from '../resolvers/context.ts';
import { type Body, readBody } from './body.ts';
import type { BytesAs } from './contract/parameters.ts';
import { errorAnswer } from './errors.ts';
import { type Json, toJson } from './json.ts';
import { sendList } from './lists/send-list.ts';
import type { ListAnswer, Route, UsersAnswer } from './route.ts';
import { ROUTES } from './routes.ts';

export interface RestOptions {
  /** The context of a request. Throws an `AppError` if the client may not make it. */
  readonly contextOf: (request: Request) => Context;
  readonly languageOf: (request: Request) => keyof Text;
  /** Throws an `AppError` if a request that changes state may come from a foreign web page. */
  readonly admitChange: (request: Request) => void;
  readonly answerWithinMs: number;
  /** Limits the time from the first to the last byte of a list requested without pages. */
  readonly listWithinMs: number;
  /** Runs read-only work when it is the client's turn. */
  readonly inTurn: InTurn;
  /** The same for sending a whole list, from its first to its last byte. */
  readonly inListTurn: InTurn;
  /** Sends an answer that stays the same until a user changes. */
  readonly sendUsers: (request: Request, response: Response, answer: UsersAnswer) => void;
  /** Receives failures that the client did not cause. */
  readonly onInternalError: (error: unknown) => void;
}

type InTurn = <T>(request: Request, work: () => Promise<T>) => Promise<T>;

const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Max-Age': '86400',
};

/** The documented API, to be mounted at `/api`. All responses are JSON and readable from any origin. */
export function restRouter(options: RestOptions): Router {
  const router = Router({ caseSensitive: true });
  router.use(openToAnyOrigin);
  router.use(preflight);
  // The body is read only after authentication.
  router.use((request, _, next) => {
    authorize(options.contextOf(request), 'self');
    next();
  });
  router.use(...readBody);
  for (const [path, routes] of byPath(ROUTES)) {
    router.all(path.replace(/^\/api/, ''), answerWith(routes, options));
  }
  router.use(() => {
    throw new AppError('NOT_FOUND', {
      en: 'There is no such path; docs/REST.md lists the paths of the API.',
      zh: '没有此路径；API 路径请参阅 docs/REST.md。',
    });
  });
  router.use(renderError(options));
  return router;
}

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

/** Answers preflights of paths that belong to no API. */
export const preflightOfAnyPath: readonly RequestHandler[] = [
  (request, response, next) =>
    request.method === 'OPTIONS' ? openToAnyOrigin(request, response, next) : next(),
  (request, response, next) => preflight(request, response, next),
];

const openToAnyOrigin: RequestHandler = (_, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'X-Total-Count',
  });
  next();
};

const preflight: RequestHandler = (request, response, next) => {
  if (request.method !== 'OPTIONS') return next();
  const names = allowedHeaders(request.headers['access-control-request-headers']);
  response
    .set({ ...PREFLIGHT_HEADERS, 'Access-Control-Allow-Headers': names.join(', ') })
    .status(204)
    .end();
};

function answerWith(routes: readonly Route[], options: RestOptions): RequestHandler {
  return async (request, response) => {
    const route = routes.find(({ method, changesState }) =>
      request.method === 'HEAD' ? method === 'GET' && !changesState : method === request.method,
    );
    if (route === undefined) throw methodNotAllowed(routes, response);
    if (route.changesState) {
      refusePrefetch(request);
      options.admitChange(request);
    }
    const ctx = options.contextOf(request);
    authorize(ctx, route.role);
    const run = () =>
      route.run(ctx, {
        params: request.params as Record<string, string>,
        query: request.query,
        body: request.body as Body,
      });
    const running = route.changesState ? run() : options.inTurn(request, run);
    const answer = await withTimeout(running, options.answerWithinMs);
    if ('open' in answer) return sendWhole(request, response, answer, options);
    setTotalCount(response, answer.totalCount);
    if (!('text' in answer)) return send(response, 200, answer.body, answer.bytes);
    options.sendUsers(request, response.status(200).type('application/json'), answer);
  };
}

/**
 * Sends a whole list. Waits for a slot first, because each list being sent holds a database snapshot open.
 */
async function sendWhole(
  request: Request,
  response: Response,
  answer: ListAnswer,
  { inTurn, inListTurn, listWithinMs: withinMs }: RestOptions,
): Promise<void> {
  await inListTurn(request, async () => {
    if (response.closed) return;
    const list = await inTurn(request, answer.open);
    try {
      setTotalCount(response, list.totalCount);
      response.status(200).type('application/json');
      if (request.method === 'HEAD') response.end();
      else {
        const { bytes } = answer;
        await sendList(response, list, {
          inTurn: (work) => inTurn(request, work),
          withinMs,
          bytes,
        });
      }
    } finally {
      list.close();
    }
  });
}

function setTotalCount(response: Response, totalCount: number | undefined): void {
  if (totalCount !== undefined) response.set('X-Total-Count', String(totalCount));
}

function methodNotAllowed(routes: readonly Route[], response: Response): AppError {
  const allowed = [
    ...new Set(
      routes.flatMap(({ method, changesState }) =>
        method === 'GET' && !changesState ? ['GET', 'HEAD'] : [method],
      ),
    ),
    'OPTIONS',
  ].join(', ');
  response.set('Allow', allowed);
  return new AppError('METHOD_NOT_ALLOWED', {
    en: `This path supports only ${allowed}; use one of these methods.`,
    zh: `此路径只支持 ${allowed}；请使用其中一种方法。`,
  });
}

/** Rejects prefetches: a browser must not change anything before the user clicks. */
function refusePrefetch(request: Request): void {
  const purpose = `${request.headers['sec-purpose'] ?? ''} ${request.headers.purpose ?? ''} ${request.headers['x-moz'] ?? ''}`;
  if (!purpose.includes('prefetch')) return;
  throw new AppError('FORBIDDEN', {
    en: 'This request changes data, so it must not be prefetched; send it without prefetching.',
    zh: '此请求会更改数据，不能预取；请直接发送请求。',
  });
}

function renderError(options: RestOptions): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    // A list that failed midway has already closed its connection.
    if (response.headersSent) return options.onInternalError(error);
    const known = bodyError(error) ?? error;
    const { status, headers, body } = errorAnswer(known, options.languageOf(request));
    if (isOfServer(known)) options.onInternalError(known);
    response.set(headers);
    send(response, status, body);
  };
}

/** Converts errors of the body parsers and the router to application errors. */
function bodyError(error: unknown): AppError | null {
  const status = (error as { status?: unknown } | null)?.status;
  if (error instanceof AppError || typeof status !== 'number') return null;
  switch (status) {
    case 413:
      return new AppError('PAYLOAD_TOO_LARGE', {
        en: 'The body is too large; send at most 1 MB.',
        zh: '请求体过大；请不要超过 1 MB。',
      });
    case 415:
      return new AppError('UNSUPPORTED_MEDIA_TYPE', {
        en: 'The Content-Encoding of the body is not supported; send it uncompressed, or with gzip, deflate or br.',
        zh: '不支持请求体的 Content-Encoding；请不压缩发送，或使用 gzip、deflate 或 br。',
      });
    case 400:
      return new AppError('INVALID_ARGUMENT', {
        en: 'The request cannot be parsed; check the encoding of the path, and that the length of the body matches Content-Length.',
        zh: '无法解析请求；请检查路径编码是否正确，以及请求体长度是否与 Content-Length 一致。',
      });
    default:
      return null;
  }
}

function send(response: Response, status: number, body: Json, bytes?: BytesAs): void {
  response
    .status(status)
    .type('application/json')
    .send(Buffer.from(toJson(body, bytes), 'utf8'));
}
