import { AppError } from '../domain/errors.ts';

/** The error with which `withTimeLimit` rejects after the time limit. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/**
 * Runs a task with a signal that aborts after `ms`, or when `stop` does. Rejects at that moment, even if
 * the task does not react: with a `TimeLimitError`, or with the reason of `stop`.
 *
 * All time limits use this function instead of `AbortSignal.timeout` inside `AbortSignal.any`: on
 * Node.js 20, garbage collection may remove its timer, so that the limit never takes effect.
 */
export async function withTimeLimit<T>(
  ms: number,
  stop: AbortSignal | null,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = () => controller.abort(stop?.reason);
  const end = () => controller.abort(new TimeLimitError('The time limit was exceeded.'));
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // If this process was busy, the result may have arrived but not been processed yet.
    turn = setImmediate(end);
  }, ms);
  if (stop?.aborted) abort();
  stop?.addEventListener('abort', abort);
  try {
    const ended = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    return await Promise.race([ended, task(signal)]);
  } finally {
    clearTimeout(timer);
    clearImmediate(turn);
    stop?.removeEventListener('abort', abort);
    // Aborts work that the task started but did not wait for.
    controller.abort();
  }
}

/**
 * Rejects with an `AppError` if the answer takes longer. The work itself continues and its result is
 * ignored.
 */
export async function withTimeout<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(ms)), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function timedOut(ms: number): AppError {
  const seconds = ms / 1000;
  return new AppError('UNAVAILABLE', {
    en: `The response took longer than ${seconds} seconds; request less, and before you repeat a change, check whether it was made.`,
    zh: `响应时间超过 ${seconds} 秒；请减少请求的内容，重试更改之前请先确认更改是否已生效。`,
  });
}
