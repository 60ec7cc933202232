import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { SubscriptionCounter } from '../../metrics/instruments.ts';
import type { Context } from '../../resolvers/context.ts';
import { schema } from '../../schema/index.ts';
import type { Tracer } from '../../tracing/tracer.ts';
import type { AcquireStream } from '../gate/stream-limit.ts';
import type { FanOut } from '../live/fan-out.ts';
import { useTracing } from '../tracing/use-tracing.ts';
import type { Turns } from '../turns.ts';
import type { VanishedClients } from '../vanished.ts';
import type { ServerContext } from './context.ts';
import type { Documents } from './documents/documents.ts';
import { maskError, resultMapper, useClientErrors } from './plugins/use-client-errors.ts';
import { useDeadline } from './plugins/use-deadline.ts';
import { useDocuments } from './plugins/use-documents.ts';
import { useEventIds } from './plugins/use-event-ids.ts';
import { useEventStreams } from './plugins/use-event-streams.ts';
import { useKeptAnswers } from './plugins/use-kept-answers.ts';
import { useLimits } from './plugins/use-limits.ts';
import { useSharedSubscriptions } from './plugins/use-shared-subscriptions.ts';
import { useStreamLimit } from './plugins/use-stream-limit.ts';
import { useTurns } from './plugins/use-turns.ts';

export type Yoga = YogaServerInstance<ServerContext, Context>;

export interface YogaOptions {
  readonly documents: Documents;
  readonly onInternalError: (error: unknown) => void;
  readonly fanOut: FanOut;
  readonly acquire: AcquireStream;
  readonly instruments: SubscriptionCounter;
  readonly turns: Turns;
  readonly vanished: VanishedClients;
  readonly operationWithinMs: number;
  readonly tracer: Tracer | null;
  /** Counts the changes of users. */
  readonly users: { readonly revision: number };
}

/**
 * Creates the GraphQL executor for all transports. Yoga's CORS is off, because it would reflect any origin
 * and allow credentials.
 */
export function createGraphQL(options: YogaOptions): Yoga {
  const { tracer } = options;
  const mapResult = resultMapper(options.onInternalError);
  // So that each field has a sample before its first subscription.
  for (const field of Object.keys(schema.getSubscriptionType()?.getFields() ?? {})) {
    options.instruments.subscribed(field)();
  }
  return createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    multipart: false,
    logging: false,
    graphiql: false,
    extraParamNames: ['documentId'],
    // The HTTP router reads the body with its own limit.
    maxRequestBodySize: false,
    maskedErrors: { maskError },
    context: ({ context }) => context as Context,
    plugins: [
      // Sees errors before they are converted, and kept answers.
      ...(tracer === null ? [] : [useTracing(tracer)]),
      useDocuments(options.documents, options.onInternalError),
      useLimits(mapResult),
      useKeptAnswers(options.users),
      useStreamLimit(options.acquire, options.vanished, options.instruments),
      // The deadline includes the wait for a turn, so a long wait is also reported as a timeout.
      useTurns(options.turns),
      useDeadline(options.operationWithinMs),
      // Sees the results of shared subscriptions, which replace the function that subscribes.
      useEventIds(),
      useSharedSubscriptions(options.fanOut, mapResult, options.instruments),
      useClientErrors(mapResult),
      useEventStreams(),
    ],
  });
}
