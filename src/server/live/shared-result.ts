import type { ExecutionResult } from 'graphql';

/** A result for many clients, serialized as JSON once. */
export class SharedResult {
  readonly text: string;
  /** Whether the result has only errors and no data. */
  readonly hasFailed: boolean;
  #messageEnd: Buffer | null = null;

  constructor(result: ExecutionResult) {
    this.text = JSON.stringify(result);
    this.hasFailed = result.data == null;
  }

  /** The last part of a WebSocket message, starting with the value of `payload`. */
  get messageEnd(): Buffer {
    this.#messageEnd ??= Buffer.from(`${this.text}}`);
    return this.#messageEnd;
  }
}

/** The destination of the results of one subscription. Its methods must not throw. */
export interface Sink {
  push(result: SharedResult): void;
  /** Signals that no more results follow. */
  end(): void;
}
