import { TimeLimitError, withTimeLimit } from '../async/deadline.ts';
import type { Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';

export interface Part {
  /** The name in the log, such as `the last poll`. */
  readonly name: Text;
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

export function shutdown(log: Log): Shutdown {
  const parts: Part[] = [];
  return {
    add: (part) => void parts.push(part),
    run: async () => {
      for (const { name, withinMs, end } of parts.splice(0).reverse()) {
        await withTimeLimit(withinMs, null, async () => end()).catch((error: unknown) => {
          if (error instanceof TimeLimitError) {
            log.warn({
              en: `The stop did not wait longer than ${withinMs} ms for ${name.en}.`,
              zh: `停止时等待${name.zh}未超过 ${withinMs} 毫秒。`,
            });
          } else {
            const text = {
              en: `The stop could not end ${name.en} properly.`,
              zh: `停止时未能正常结束${name.zh}。`,
            };
            log.error(text, { err: error });
          }
        });
      }
    },
  };
}
