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

export interface GraphQLDoorOptions {
  readonly yoga: Yoga;
  readonly contextOf: (request: IncomingMessage) => Context;
  readonly languageOf: (request: IncomingMessage) => keyof Text;
  readonly isOpen: () => boolean;
  readonly corsOrigins: readonly string[];
  /** How long nothing may move on a connection. */
  readonly silentForMs: number;
  readonly onInternalError: (error: unknown) => void;
}

/** GraphQL over HTTP and server-sent events, for mounting at `/graphql`. */
export function graphqlHttp(options: GraphQLDoorOptions): Router {
  const { yoga, contextOf, isOpen, silentForMs } = options;
  const router = Router();
  router.use(crossOrigin(options), graphiql(isOpen));
  router.use((request, response, next) => {
    const context = contextOf(request);
    // Who is nobody is not told what the schema has, not even by how a document is refused.
    authorize(context, 'viewer');
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
      // Yoga frees a stream from the limit as it begins; with its pings whoever reads is never silent.
      if (!response.writableFinished) request.socket.setTimeout(silentForMs);
    },
  );
  router.use(answerFailure(options));
  return router;
}

/**
 * Pages of the named origins may use it. Where a token is needed all may, as with REST: a page must
 * hold the token itself, since no cookie or password of the browser is ever accepted with `*`.
 */
function crossOrigin({ isOpen, corsOrigins }: GraphQLDoorOptions): RequestHandler {
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

/** What fails before it is an operation, in the form of every GraphQL error. */
function answerFailure(options: GraphQLDoorOptions): ErrorRequestHandler {
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
