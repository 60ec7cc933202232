import type { Context } from '../resolvers/context.ts';
import type { Live } from '../resolvers/use-case.ts';

/**
 * Wraps the source of a subscription. Each value starts with empty loader caches. A failure is passed
 * on as a last value: thrown from the iterator, it would end the whole connection instead of this one
 * subscription.
 */
export function stream<T>(ctx: Context, values: Live<T>): Live<T | Error> {
  return {
    next: async () => {
      try {
        const next = await values.next();
        // GraphQL executes the operation for this value as soon as next() returns it.
        if (!next.done) await ctx.turn();
        ctx.loaders.clear();
        return next;
      } catch (error) {
        return { done: false, value: error instanceof Error ? error : new Error(String(error)) };
      }
    },
    return: () => values.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Returns a value of `stream` for the field's resolver; throws if the value is a failure. */
export function latestOf<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}
