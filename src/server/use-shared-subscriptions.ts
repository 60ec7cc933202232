import { type ExecutionArgs, type ExecutionResult, print } from 'graphql';
import { mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { AppError } from '../errors.ts';
import { Queue } from '../live/queue.ts';
import type { Context } from '../resolvers/context.ts';
import { toClientError } from '../schema/errors.ts';
import { type FanOut, type SharedResult, type Subscribe, sharingKeyOf } from './fan-out.ts';
import { sharingScopeOf } from './sharing-scope.ts';
import type { MapResult } from './use-client-errors.ts';

/** Results that a client of server-sent events may leave unread before its stream is ended. */
const MAX_UNREAD = 1_000;

/** Server-sent events of equal subscriptions: one execution, and one writing of each result. */
export function useSharedSubscriptions(
  fanOut: FanOut,
  mapResult: MapResult,
): Plugin<object, Context> {
  return {
    onSubscribe: ({ args, subscribeFn, setSubscribeFn }) => {
      // Sockets share on their own, without an iterator for each client.
      if (!('request' in (args.contextValue as object))) return;
      const key = sharingKeyOf(args as ExecutionArgs, print(args.document));
      if (key === null) return;
      const context = args.contextValue as unknown as Context;
      const subscribe = mapping(subscribeFn as Subscribe, mapResult);
      setSubscribeFn((given: ExecutionArgs) =>
        sharedStream(fanOut, `${sharingScopeOf(context)}${key}`, given, subscribe),
      );
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
  key: string,
  args: ExecutionArgs,
  subscribe: Subscribe,
): AsyncIterableIterator<ExecutionResult, void, void> {
  const { language } = args.contextValue as Context;
  const queue = new Queue<SharedResult>({
    key: null,
    limit: MAX_UNREAD,
    overflowError: slowConsumer,
  });
  const sink = { push: (result: SharedResult) => queue.push(result), end: () => queue.finish() };
  const leave = fanOut.join(key, args, subscribe, sink);
  async function* results(): AsyncGenerator<ExecutionResult, void, void> {
    try {
      for await (const batch of queue) for (const shared of batch) yield withText(shared);
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
function withText(shared: SharedResult): ExecutionResult {
  const stringify = () => shared.bytes.toString();
  return { ...shared.result, stringify } as ExecutionResult;
}

export function slowConsumer(): AppError {
  return new AppError('SLOW_CONSUMER', {
    en: 'This subscription was ended because its messages were not read fast enough; subscribe again.',
    zh: '由于读取过慢，此订阅已结束；请重新订阅。',
  });
}
