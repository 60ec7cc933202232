import type { Context } from '../resolvers/context.ts';

/**
 * The values, each with nothing remembered from the ones before, and where they fail, the failure as the last value: thrown from the iterator it would
 * end the whole connection instead of this one subscription.
 */
export async function* stream<T>(
  ctx: Context,
  values: AsyncIterable<T>,
): AsyncGenerator<T | Error, void, void> {
  try {
    for await (const value of values) {
      ctx.loaders.clear();
      yield value;
    }
  } catch (error) {
    yield error instanceof Error ? error : new Error(String(error));
  }
}

/** The value of a stream, for the field's resolver; throws the failure that ended the stream. */
export function latestOf<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}
