import type { Text } from './errors.ts';

/** Reports to the operator, in one language. Secrets must never be passed to it. */
export interface Log {
  info(text: Text, details?: object): void;
  /** Something must be known, or done. */
  warn(text: Text, details?: object): void;
  /** Something failed; `details.err` is the error. */
  error(text: Text, details?: object): void;
}
