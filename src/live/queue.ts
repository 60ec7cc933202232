/** How a queue handles values that its reader has not taken yet. */
export interface QueueOptions<T> {
  /**
   * For states: of values with the same key, only the newest is kept, so a slow reader skips states.
   * null: every value is kept, and a value beyond `limit` overflows the queue.
   */
  readonly key: ((value: T) => unknown) | null;
  /** The maximum number of waiting values. */
  readonly limit: number;
  /** Creates the error thrown to the reader after an overflow. */
  readonly overflowError: () => Error;
}

/**
 * The unread values of one subscriber. The reader gets all waiting values at once, in order. The queue is
 * bounded; `push` never throws and never waits.
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

  /** Aborted when the queue is closed. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  push(value: T): void {
    this.#push(value, this.#options.limit);
  }

  #push(value: T, limit: number): void {
    if (this.#isClosed || this.#failure !== null) return;
    const key = this.#options.key === null ? this.#sequence++ : this.#options.key(value);
    // Deleting first moves the key to the end, so that values are ordered by their last update.
    this.#waiting.delete(key);
    if (this.#waiting.size >= limit) this.fail(this.#options.overflowError());
    else this.#waiting.set(key, value);
    this.#wake();
  }

  /** Adds values published together. A reader without unread values gets all of them, whatever the limit. */
  pushAll(values: readonly T[]): void {
    const limit = this.#waiting.size === 0 ? Number.POSITIVE_INFINITY : this.#options.limit;
    for (const value of values) this.#push(value, limit);
  }

  /** Drops the waiting values and throws this error to the reader. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting.clear();
    this.#wake();
  }

  /** Ends the reader's loop after the waiting values have been read. */
  finish(): void {
    this.#isFinished = true;
    this.#wake();
  }

  /** Ends the reader's loop and drops the waiting values. */
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
