import { iteratorOf } from '../async/iterator.ts';
import type { Context } from '../resolvers/context.ts';
import type { Live } from '../resolvers/use-case.ts';

/**
 * Wraps the source of a subscription. Each value starts with empty loader caches. A failure is passed
 * on as a last value: thrown from the iterator, it would end the whole connection instead of this one
 * subscription.
 */
export function stream<T>(ctx: Context, values: Live<T>): Live<T | Error> {
  const next = async (): Promise<IteratorResult<T | Error, void>> => {
    try {
      const result = await values.next();
      // GraphQL executes the operation for this value as soon as next() returns it.
      if (!result.done) await ctx.turn();
      ctx.loaders.clear();
      return result;
    } catch (error) {
      return { done: false, value: error instanceof Error ? error : new Error(String(error)) };
    }
  };
  return iteratorOf(
    next,
    () => values.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  );
}

/** Returns a value of `stream` for the field's resolver; throws if the value is a failure. */
export function latestOf<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}
