import type { Logger } from 'pino';
import { TimeLimitError, withTimeLimit } from '../async/deadline.ts';

export interface Part {
  /** The name in the log, such as `the last poll`. */
  readonly name: string;
  /** The stop continues after this time. */
  readonly withinMs: number;
  end(): Promise<void> | void;
}

/** Ends the parts of the program in reverse order of their start. */
export interface Shutdown {
  add(part: Part): void;
  /**
   * Ends all parts added since the last call. Failures and timeouts are logged and do not stop the rest.
   */
  run(): Promise<void>;
}

export function shutdown(log: Logger): Shutdown {
  const parts: Part[] = [];
  return {
    add: (part) => void parts.push(part),
    run: async () => {
      for (const { name, withinMs, end } of parts.splice(0).reverse()) {
        await withTimeLimit(withinMs, null, async () => end()).catch((error: unknown) => {
          if (error instanceof TimeLimitError) {
            log.warn(`The stop did not wait longer than ${withinMs} ms for ${name}.`);
          } else log.error({ err: error }, `The stop could not end ${name} properly.`);
        });
      }
    },
  };
}
