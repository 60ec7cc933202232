import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AppError } from '../../../domain/errors.ts';
import type { SubscriptionCounter } from '../../../metrics/instruments.ts';
import type { Context } from '../../../resolvers/context.ts';
import type { AcquireStream } from '../../gate/stream-limit.ts';
import { subscriptionField } from '../../live/subscription-field.ts';
import type { VanishedClients } from '../../vanished.ts';

/** The fields that Yoga adds to the context over HTTP. A WebSocket was already counted when it opened. */
interface OverHttp {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/**
 * Counts subscriptions over HTTP like WebSockets, answers 429 beyond the limit, and watches for vanished
 * clients.
 */
export function useStreamLimit(
  acquire: AcquireStream,
  vanished: Pick<VanishedClients, 'watch'>,
  counter: SubscriptionCounter,
): Plugin<object, Context> {
  return {
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const { language, req, res } = args.contextValue as unknown as Context & OverHttp;
      if (req === undefined || res === undefined) return;
      try {
        const releaseStream = acquire(req);
        const uncount = counter.subscribed(
          subscriptionField(args as ExecutionArgs)?.name.value ?? '',
        );
        const release = () => {
          releaseStream();
          uncount();
        };
        vanished.watch(req.socket);
        if (res.closed) release();
        else res.once('close', release);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const extensions = { code: error.code, http: { status: 429 } };
        setResultAndStopExecution({
          errors: [new GraphQLError(error.text[language], { extensions })],
        });
      }
    },
  };
}
