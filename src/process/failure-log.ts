import { AppError, type Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Clock } from '../domain/time/clock.ts';
import { errorCodeOf } from '../store/failures/error-code.ts';

/** How often a known failure is logged again, because a lasting failure affects every request. */
const REPEAT_AFTER_MS = 3_600_000;

/** More than there are kinds of failures. */
const MAX_KINDS = 100;

const UNEXPECTED: Text = { en: 'An unexpected failure occurred.', zh: '发生了意外错误。' };

/**
 * Logs failures that no client caused. Known failures, such as a full disk, are logged as a warning once an
 * hour for each kind; unexpected failures are logged with their stack each time.
 */
export function failureLog(log: Log, clock: Pick<Clock, 'monotonicMs'>) {
  const loggedAtMs = new Map<string, number>();
  return (error: unknown): void => {
    if (!(error instanceof AppError)) {
      log.error(UNEXPECTED, { err: error });
      return;
    }
    const nowMs = clock.monotonicMs();
    const beforeMs = loggedAtMs.get(error.message) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - beforeMs < REPEAT_AFTER_MS) return;
    if (loggedAtMs.size >= MAX_KINDS) loggedAtMs.clear();
    loggedAtMs.set(error.message, nowMs);
    log.warn(error.text, detailsOf(error));
  };
}

/** The log fields of a failure: for a known failure its cause without a stack, otherwise the error. */
export function detailsOf(error: unknown): object {
  if (error === undefined) return {};
  if (!(error instanceof AppError)) return { err: error };
  const { cause } = error;
  const code = errorCodeOf(cause);
  const reason = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : undefined;
  return { ...(code !== null && { code }), ...(reason !== undefined && { reason }) };
}
