import type { Context } from '../resolvers/context.ts';
import type { Live } from '../resolvers/use-case.ts';

/**
 * The values, each with nothing remembered from the ones before; and where they fail, the failure as
 * the last value: thrown from the iterator it would end the whole connection instead of this one
 * subscription.
 */
export function stream<T>(ctx: Context, values: Live<T>): Live<T | Error> {
  return {
    next: async () => {
      try {
        const next = await values.next();
        // What follows is the execution for this value.
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

/** The value of a stream, for the field's resolver; throws the failure that ended the stream. */
export function latestOf<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}
