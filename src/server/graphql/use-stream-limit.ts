import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AppError } from '../../domain/errors.ts';
import type { Context } from '../../resolvers/context.ts';
import type { AcquireStream } from '../gate/stream-limit.ts';
import type { VanishedClients } from '../vanished.ts';

/** What Yoga adds where an operation came over HTTP; a socket was counted when it opened. */
interface OverHttp {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** Counts subscriptions over HTTP as sockets are, and answers 429 for one too many. Finds out which have no client any more. */
export function useStreamLimit(
  acquire: AcquireStream,
  vanished: Pick<VanishedClients, 'watch'>,
): Plugin<object, Context> {
  return {
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const { language, req, res } = args.contextValue as unknown as Context & OverHttp;
      if (req === undefined || res === undefined) return;
      try {
        const leave = acquire(req);
        vanished.watch(req.socket);
        if (res.closed) leave();
        else res.once('close', leave);
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
