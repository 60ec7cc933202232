/**
 * The values, and where they fail, the failure as the last value: thrown from the iterator it would
 * end the whole connection instead of this one subscription.
 */
export async function* stream<T>(values: AsyncIterable<T>): AsyncGenerator<T | Error, void, void> {
  try {
    yield* values;
  } catch (error) {
    yield error instanceof Error ? error : new Error(String(error));
  }
}

/** The value of a stream, for the field's resolver; throws the failure that ended the stream. */
export function latestOf<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}
