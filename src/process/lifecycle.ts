import { withTimeLimit } from '../async/deadline.ts';
import { serial } from '../async/serial.ts';
import type { Log } from '../domain/log.ts';
import { type Part, shutdown } from './shutdown.ts';

/** How long a stop waits for the start step that it interrupts. */
const START_ENDS_WITHIN_MS = 1_000;

export interface Lifecycle {
  /** Starts the parts. If that fails, ends the parts already started before it rejects. */
  start(): Promise<void>;
  /**
   * Ends the parts, even during the start. Never rejects; parts that do not end in time are logged and
   * skipped.
   */
  stop(): Promise<void>;
}

/** The interface of a start for its steps. */
export interface Starting {
  /** Registers a started part, to be ended in reverse order. */
  endLater(part: Part): void;
  /** Throws if a stop was requested; called between two steps. */
  goOn(): void;
}

export function lifecycle(log: Log, startParts: (starting: Starting) => Promise<void>): Lifecycle {
  const parts = shutdown(log);
  let starting: Promise<void> = Promise.resolve();
  let isStopping = false;

  const inTurn = serial();
  // A failed start and a stop may both end the parts; each waits for all of them.
  const end = () => inTurn(parts.run);
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
      // The running start ends itself before its next step.
      await withTimeLimit(START_ENDS_WITHIN_MS, null, () => starting).catch(() => {});
      await end();
    },
  };
}

/** The error of a start that was interrupted by a stop. */
class StartInterrupted extends Error {
  override readonly name = 'StartInterrupted';
}
