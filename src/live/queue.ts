/** How a queue treats what its reader has not taken yet. */
export interface QueueOptions<T> {
  /**
   * State: of values with the same key only the newest is kept, so that a slow reader skips states.
   * null: every value counts, and one beyond `limit` overflows the queue.
   */
  readonly key: ((value: T) => unknown) | null;
  /** How many values may wait. */
  readonly limit: number;
  /** What the reader is thrown after an overflow. */
  readonly overflowError: () => Error;
}

/**
 * What one subscriber has still to read: all waiting values come out together, in order. It is
 * bounded; `push` never throws and never waits, whatever the reader does.
 */
export class Queue<T> implements AsyncIterable<readonly T[]> {
  readonly #options: QueueOptions<T>;
  #waiting = new Map<unknown, T>();
  #sequence = 0;
  #failure: Error | null = null;
  readonly #ending = new AbortController();
  #isClosed = false;
  #isFinished = false;
  #wake: () => void = () => {};

  constructor(options: QueueOptions<T>) {
    this.#options = options;
  }

  /** Aborted when it is closed. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  push(value: T): void {
    this.#push(value, this.#options.limit);
  }

  #push(value: T, limit: number): void {
    if (this.#isClosed || this.#failure !== null) return;
    const key = this.#options.key === null ? this.#sequence++ : this.#options.key(value);
    // Deleting first moves the key to the end: the order is that of the newest values.
    this.#waiting.delete(key);
    if (this.#waiting.size >= limit) this.fail(this.#options.overflowError());
    else this.#waiting.set(key, value);
    this.#wake();
  }

  /** Takes what was published together: whoever has nothing unread is given it whole. */
  pushAll(values: readonly T[]): void {
    const limit = this.#waiting.size === 0 ? Number.POSITIVE_INFINITY : this.#options.limit;
    for (const value of values) this.#push(value, limit);
  }

  /** Throws this at the reader instead of what waits. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting.clear();
    this.#wake();
  }

  /** Ends the reader's loop once what waits has been read. */
  finish(): void {
    this.#isFinished = true;
    this.#wake();
  }

  /** Ends the reader's loop; values that wait are dropped. */
  close(): void {
    this.#isClosed = true;
    this.#ending.abort();
    this.#waiting.clear();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly T[], void, void> {
    while (!this.#isClosed) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#waiting.size > 0) {
        const batch = [...this.#waiting.values()];
        this.#waiting = new Map();
        yield batch;
        continue;
      }
      if (this.#isFinished) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
