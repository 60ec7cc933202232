/** An async iterator, made of its two functions, that `for await` accepts. */
export function iteratorOf<T>(
  next: () => Promise<IteratorResult<T, void>>,
  end: () => Promise<IteratorResult<T, void>>,
): AsyncIterableIterator<T, void, void> {
  return {
    next,
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * The values of a generator that its reader may leave at any time. `return()` of a generator waits for its
 * pending `await`, so `leave` is called first and must end what the generator waits for.
 */
export function leavable<T>(
  generator: AsyncGenerator<T, void, void>,
  leave: () => void,
): AsyncIterableIterator<T, void, void> {
  return iteratorOf(
    () => generator.next(),
    () => {
      leave();
      return generator.return();
    },
  );
}
