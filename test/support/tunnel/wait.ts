import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** How long and how often a condition is polled, in milliseconds. */
export interface WaitOptions {
  /** Default 15000. */
  timeoutMs?: number;
  /** Pause between two probes; default 50. */
  everyMs?: number;
}

/**
 * Polls `probe` until it gives something other than null, undefined or false, and resolves to
 * that. A probe that throws counts as "not yet". Rejects after `timeoutMs` with an error that
 * names `description` and carries the last failure as its cause. A probe must end by itself.
 */
export async function waitFor<T>(
  description: string,
  probe: () => Promise<T | null | undefined | false>,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 15_000, everyMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== null && value !== undefined && value !== false) return value;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() + everyMs > deadline) break;
    await delay(everyMs);
  }
  const last = failure === undefined ? 'the condition did not hold' : describe(failure);
  throw new Error(`Timed out after ${timeoutMs} ms waiting for ${description}: ${last}`, {
    cause: failure,
  });
}

function describe(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
