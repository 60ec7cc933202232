import type { ExecutionResult } from 'graphql';

/** A result that goes to many, written as JSON once. */
export class SharedResult {
  readonly text: string;
  /** It holds no value, but why there is none. */
  readonly hasFailed: boolean;
  #messageEnd: Buffer | null = null;

  constructor(result: ExecutionResult) {
    this.text = JSON.stringify(result);
    this.hasFailed = result.data == null;
  }

  /** The last part of a WebSocket message, from the value of its `payload` on. */
  get messageEnd(): Buffer {
    this.#messageEnd ??= Buffer.from(`${this.text}}`);
    return this.#messageEnd;
  }
}

/** Where the results of one subscription go. Neither may throw. */
export interface Sink {
  push(result: SharedResult): void;
  /** Nothing more comes. */
  end(): void;
}
