import { AppError } from '../domain/errors.ts';

/** What `withTimeLimit` rejects with when the time is over. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/**
 * Runs a task with a signal that aborts after `ms`, or when `stop` does. Rejects at that moment, also
 * when the task does not react: with a `TimeLimitError`, or with the reason of `stop`.
 *
 * All time limits are set here. `AbortSignal.timeout` inside `AbortSignal.any` is not used: on
 * Node.js 20 a garbage collection may remove its timer, and the limit never comes.
 */
export async function withTimeLimit<T>(
  ms: number,
  stop: AbortSignal | null,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = () => controller.abort(stop?.reason);
  const end = () => controller.abort(new TimeLimitError('The time limit is over.'));
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // Where this process was busy itself, an answer may be there that it has not looked at yet.
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
    // What the task started and did not wait for ends with it.
    controller.abort();
  }
}

/** Rejects with an `AppError` when the answer takes longer; what it waits for then goes on unheard. */
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
    en: `The answer took longer than ${seconds} seconds; ask for less, and see whether a change was made before you repeat it.`,
    zh: `应答时间超过 ${seconds} 秒；请减少请求的内容，重试更改之前请先确认是否已生效。`,
  });
}
