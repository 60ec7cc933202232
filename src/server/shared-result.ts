import type { ExecutionResult } from 'graphql';

/** A result that goes to many, written as JSON once. */
export class SharedResult {
  readonly text: string;
  /** It tells of a failure, and nothing follows it that was to follow a value. */
  readonly hasFailed: boolean;
  #messageEnd: Buffer | null = null;

  constructor(result: ExecutionResult) {
    this.text = JSON.stringify(result);
    this.hasFailed = (result.errors?.length ?? 0) > 0;
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
