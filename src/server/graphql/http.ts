import type { IncomingMessage } from 'node:http';
import cors from 'cors';
import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { isOfServer, type Text } from '../../domain/errors.ts';
import { allowedHeaders } from '../../http/allowed-headers.ts';
import { authorize } from '../../resolvers/authorize.ts';
import type { Context } from '../../resolvers/context.ts';
import { errorAnswer } from '../../rest/errors.ts';
import { toClientError } from '../../schema/errors.ts';
import { bodyFailure, readJsonText, refuseEmpty, refuseNonJson } from './body.ts';
import { graphiql } from './graphiql.ts';
import { refuseMalformedQuery } from './query.ts';
import type { Yoga } from './yoga.ts';

export interface GraphQLHttpOptions {
  readonly yoga: Yoga;
  readonly contextOf: (request: IncomingMessage) => Context;
  readonly languageOf: (request: IncomingMessage) => keyof Text;
  readonly isOpen: () => boolean;
  /** false: browsers get no page for trying the API. */
  readonly hasPage: boolean;
  readonly corsOrigins: readonly string[];
  /** How long a connection may be idle. */
  readonly silentForMs: number;
  readonly onInternalError: (error: unknown) => void;
}

/** GraphQL over HTTP and server-sent events, to be mounted at `/graphql`. */
export function graphqlHttp(options: GraphQLHttpOptions): Router {
  const { yoga, contextOf, hasPage, silentForMs } = options;
  const router = Router();
  router.use(crossOrigin(options), graphiql(hasPage));
  router.use((request, response, next) => {
    const context = { ...contextOf(request), ...resumedAfter(request) };
    // Clients without access must not learn anything about the schema, not even from validation errors.
    authorize(context, 'self');
    response.locals.context = context;
    next();
  });
  router.use(
    refuseMalformedQuery,
    refuseNonJson,
    readJsonText,
    refuseEmpty,
    async (request, response) => {
      const context: Context = response.locals.context;
      await yoga.handle(request, response, { context });
      // Yoga removes the idle timeout when a stream begins. Pings keep the connection of a reading client
      // active.
      if (!response.writableFinished) request.socket.setTimeout(silentForMs);
    },
  );
  router.use(answerFailure(options));
  return router;
}

/** What browsers send when they continue an event stream; other values are not ids of events. */
function resumedAfter({ headers }: IncomingMessage): Pick<Context, 'resumeAfter'> {
  const id = headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? { resumeAfter: id } : {};
}

/**
 * Pages of the configured origins may use the API. If a token is required, all pages may, as with REST: the
 * page must have the token itself, because browsers send no credentials with `*`.
 */
function crossOrigin({ isOpen, corsOrigins }: GraphQLHttpOptions): RequestHandler {
  return cors((request, done) => {
    const named = corsOrigins.length > 0 && [...corsOrigins];
    done(null, {
      origin: isOpen() ? named : '*',
      methods: ['GET', 'POST', 'OPTIONS'],
      allowedHeaders: allowedHeaders(request.headers['access-control-request-headers']),
      maxAge: 86_400,
    });
  });
}

/** Answers failures that occur before execution in the form of GraphQL errors. */
function answerFailure(options: GraphQLHttpOptions): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const language = options.languageOf(request);
    const error = bodyFailure(thrown) ?? thrown;
    const { status, headers } = errorAnswer(error, language);
    if (isOfServer(error)) options.onInternalError(error);
    response
      .status(status)
      .set(headers)
      .json({ errors: [toClientError(error, language)] });
  };
}
