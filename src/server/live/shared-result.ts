import type { ExecutionResult } from 'graphql';
import { SharedFrame } from './shared-frame.ts';

/** A result for many clients, serialized as JSON once. */
export class SharedResult {
  readonly text: string;
  readonly data: ExecutionResult['data'];
  #frame: SharedFrame | null = null;

  constructor(result: ExecutionResult) {
    this.text = JSON.stringify(result);
    this.data = result.data;
  }

  /** Whether the result has only errors and no data. */
  get hasFailed(): boolean {
    return this.data == null;
  }

  /** The WebSocket message, whose beginning ends with the name `payload`. */
  get frame(): SharedFrame {
    this.#frame ??= new SharedFrame(`${this.text}}`);
    return this.#frame;
  }
}

/** The destination of the results of one subscription. Its methods must not throw. */
export interface Sink {
  push(result: SharedResult): void;
  /** Signals that no more results follow. */
  end(): void;
}
