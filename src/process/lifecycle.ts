import type { Logger } from 'pino';
import { withTimeLimit } from '../async/deadline.ts';
import { type Part, shutdown } from './shutdown.ts';

/** How long a stop waits for the step of a start that it interrupts. */
const START_ENDS_WITHIN_MS = 1_000;

export interface Lifecycle {
  /** Starts the parts. When that fails, those that started are ended before it rejects. */
  start(): Promise<void>;
  /** Ends the parts, also while they start. Never rejects; what does not end in time is left and logged. */
  stop(): Promise<void>;
}

/** The start, as its steps see it. */
export interface Starting {
  /** Ends a part that has started, in the reverse order. */
  endLater(part: Part): void;
  /** Throws between two steps when a stop was asked for. */
  goOn(): void;
}

export function lifecycle(
  log: Logger,
  startParts: (starting: Starting) => Promise<void>,
): Lifecycle {
  const parts = shutdown(log);
  let starting: Promise<void> = Promise.resolve();
  let ending: Promise<void> = Promise.resolve();
  let isStopping = false;

  const end = async () => {
    // A start that fails and a stop may both end the parts; each waits for all of them.
    ending = ending.then(parts.run);
    await ending;
  };
  const goOn = () => {
    if (isStopping) throw new StartInterrupted();
  };

  return {
    start: () => {
      starting = startParts({ endLater: parts.add, goOn });
      return starting.catch(async (error) => {
        await end();
        throw error;
      });
    },
    stop: async () => {
      isStopping = true;
      // What is being started ends by itself before its next step.
      await withTimeLimit(START_ENDS_WITHIN_MS, null, () => starting).catch(() => {});
      await end();
    },
  };
}

/** Why a start that was stopped came to nothing. */
class StartInterrupted extends Error {
  override readonly name = 'StartInterrupted';
}
