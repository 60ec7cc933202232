import { type ExecutionArgs, type ExecutionResult, print } from 'graphql';
import { mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { accessEnded } from '../../../access/refusals.ts';
import { leavable } from '../../../async/iterator.ts';
import { Queue } from '../../../live/queue.ts';
import type { SubscriptionCounter } from '../../../metrics/instruments.ts';
import type { Context } from '../../../resolvers/context.ts';
import { toClientError } from '../../../schema/errors.ts';
import { slowConsumer, unreadLimit } from '../../live/backpressure.ts';
import type { FanOut, Subscribe } from '../../live/fan-out.ts';
import type { SharedResult } from '../../live/shared-result.ts';
import { type Sharing, sharingOf } from '../../live/sharing-key.ts';
import type { MapResult } from './use-client-errors.ts';

/** Executes equal subscriptions over server-sent events once, and serializes each result once. */
export function useSharedSubscriptions(
  fanOut: FanOut,
  mapResult: MapResult,
  counter: SubscriptionCounter,
): Plugin<object, Context> {
  return {
    onSubscribe: ({ args, subscribeFn, setSubscribeFn }) => {
      // WebSockets have their own sharing, without an iterator for each client.
      if (!('request' in (args.contextValue as object))) return;
      const sharing = sharingOf(args as ExecutionArgs, print(args.document));
      if (sharing === null) return;
      const subscribe = mapping(subscribeFn as Subscribe, mapResult);
      setSubscribeFn((given: ExecutionArgs) =>
        sharedStream(fanOut, sharing, given, { subscribe, counter }),
      );
    },
  };
}

/** Maps results before they are serialized for all clients, while their original errors are still known. */
function mapping(subscribe: Subscribe, mapResult: MapResult): Subscribe {
  return async (args) => {
    const context = args.contextValue as Context;
    const stream = await subscribe(args);
    if (!(Symbol.asyncIterator in stream)) return mapResult(stream, context);
    return mapAsyncIterator(stream, (result) => mapResult(result, context));
  };
}

/** The stream of one client of a shared execution. It ends immediately, even while no result is pending. */
function sharedStream(
  fanOut: FanOut,
  sharing: Sharing,
  args: ExecutionArgs,
  { subscribe, counter }: { readonly subscribe: Subscribe; readonly counter: SubscriptionCounter },
): AsyncIterableIterator<ExecutionResult, void, void> {
  const { language } = args.contextValue as Context;
  const { ended } = sharing;
  const queue = new Queue<SharedResult>({
    key: null,
    limit: Number.POSITIVE_INFINITY,
    overflowError: slowConsumer,
  });
  const isFull = unreadLimit();
  let isOver = false;
  let unreadBytes = 0;
  const leaveGroup = fanOut.join(sharing, args, subscribe, {
    push: (result) => {
      if (isOver) return;
      if (isFull(unreadBytes, result.text.length)) {
        isOver = true;
        counter.slowConsumer();
        queue.fail(slowConsumer());
      }
      unreadBytes += result.text.length;
      queue.push(result);
    },
    end: () => queue.finish(),
  });
  // A client that has lost access must not receive results that were already queued.
  const onEnded = () => queue.fail(accessEnded());
  ended.addEventListener('abort', onEnded, { once: true });
  const leave = () => {
    ended.removeEventListener('abort', onEnded);
    leaveGroup();
  };
  async function* results(): AsyncGenerator<ExecutionResult, void, void> {
    try {
      for await (const batch of queue) {
        for (const shared of batch) {
          if (ended.aborted) break;
          unreadBytes -= shared.text.length;
          yield serialized(shared);
        }
      }
    } catch (error) {
      yield { errors: [toClientError(error, language)] };
    } finally {
      leave();
    }
  }
  return leavable(results(), () => {
    leave();
    queue.close();
  });
}

/** Yoga calls `stringify` of a result to serialize it. */
function serialized({ text, data }: SharedResult): ExecutionResult {
  return { data, stringify: () => text } as ExecutionResult;
}
