import type { IncomingMessage } from 'node:http';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Context } from '../resolvers/context.ts';
import { schema } from '../schema/index.ts';
import type { FanOut } from './fan-out.ts';
import { maskError, resultMapper, useClientErrors } from './use-client-errors.ts';
import { useSharedSubscriptions } from './use-shared-subscriptions.ts';

export interface ServerContext {
  readonly req: IncomingMessage;
}

export type Yoga = YogaServerInstance<ServerContext, Context>;

export interface YogaOptions {
  readonly contextOf: (request: IncomingMessage) => Context;
  readonly onInternalError: (error: unknown) => void;
  readonly fanOut: FanOut;
  /** Whether to serve the GraphiQL page: only while nobody needs a token. */
  readonly hasGraphiql: () => boolean;
}

/**
 * GraphQL over HTTP and server-sent events. Cross-origin answers are off: Yoga's own would reflect
 * any origin, with credentials.
 */
export function createGraphQL(options: YogaOptions): Yoga {
  const mapResult = resultMapper(options.onInternalError);
  return createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    multipart: false,
    logging: false,
    // The bundled page, since the default one loads its scripts from elsewhere.
    renderGraphiQL,
    graphiql: () => options.hasGraphiql() && { title: 'wgql' },
    maskedErrors: { maskError },
    context: ({ req }) => options.contextOf(req),
    plugins: [useSharedSubscriptions(options.fanOut, mapResult), useClientErrors(mapResult)],
  });
}
