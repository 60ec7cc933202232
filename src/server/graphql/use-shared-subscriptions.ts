import { type ExecutionArgs, type ExecutionResult, print } from 'graphql';
import { mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { rightEnded } from '../../access/refusals.ts';
import { Queue } from '../../live/queue.ts';
import type { Context } from '../../resolvers/context.ts';
import { toClientError } from '../../schema/errors.ts';
import { slowConsumer, unreadLimit } from '../live/backpressure.ts';
import type { FanOut, Subscribe } from '../live/fan-out.ts';
import type { SharedResult } from '../live/shared-result.ts';
import { type Sharing, sharingOf } from '../live/sharing-key.ts';
import type { MapResult } from './use-client-errors.ts';

/** Server-sent events of equal subscriptions: one execution, and one writing of each result. */
export function useSharedSubscriptions(
  fanOut: FanOut,
  mapResult: MapResult,
): Plugin<object, Context> {
  return {
    onSubscribe: ({ args, subscribeFn, setSubscribeFn }) => {
      // Sockets share on their own, without an iterator for each client.
      if (!('request' in (args.contextValue as object))) return;
      const sharing = sharingOf(args as ExecutionArgs, print(args.document));
      if (sharing === null) return;
      const subscribe = mapping(subscribeFn as Subscribe, mapResult);
      setSubscribeFn((given: ExecutionArgs) => sharedStream(fanOut, sharing, given, subscribe));
    },
  };
}

/** Before results are written for all, while each still knows whose failures it holds. */
function mapping(subscribe: Subscribe, mapResult: MapResult): Subscribe {
  return async (args) => {
    const context = args.contextValue as Context;
    const stream = await subscribe(args);
    if (!(Symbol.asyncIterator in stream)) return mapResult(stream, context);
    return mapAsyncIterator(stream, (result) => mapResult(result, context));
  };
}

/** What one client of a shared execution reads; it leaves at once, also while nothing happens. */
function sharedStream(
  fanOut: FanOut,
  sharing: Sharing,
  args: ExecutionArgs,
  subscribe: Subscribe,
): AsyncIterableIterator<ExecutionResult, void, void> {
  const { language } = args.contextValue as Context;
  const { ended } = sharing;
  const queue = new Queue<SharedResult>({
    key: null,
    limit: Number.POSITIVE_INFINITY,
    overflowError: slowConsumer,
  });
  const isFull = unreadLimit();
  let unreadBytes = 0;
  const leaveFanOut = fanOut.join(sharing, args, subscribe, {
    push: (result) => {
      if (isFull(unreadBytes, result.text.length)) queue.fail(slowConsumer());
      unreadBytes += result.text.length;
      queue.push(result);
    },
    end: () => queue.finish(),
  });
  // Whose right has ended is not told either what waits from before.
  const onEnded = () => queue.fail(rightEnded());
  ended.addEventListener('abort', onEnded, { once: true });
  const leave = () => {
    ended.removeEventListener('abort', onEnded);
    leaveFanOut();
  };
  async function* results(): AsyncGenerator<ExecutionResult, void, void> {
    try {
      for await (const batch of queue) {
        for (const shared of batch) {
          if (ended.aborted) break;
          unreadBytes -= shared.text.length;
          yield written(shared);
        }
      }
    } catch (error) {
      yield { errors: [toClientError(error, language)] };
    } finally {
      leave();
    }
  }
  const generator = results();
  return {
    next: () => generator.next(),
    return: () => {
      leave();
      queue.close();
      return generator.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Yoga asks the result itself for its text. */
function written({ text }: SharedResult): ExecutionResult {
  return { stringify: () => text } as ExecutionResult;
}
