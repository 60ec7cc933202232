import type { Logger } from 'pino';
import { AppError } from '../domain/errors.ts';
import type { Clock } from '../domain/time/clock.ts';
import { errorCodeOf } from '../store/failures/error-code.ts';

/** A failure that lasts meets every request; the log need not grow with each. */
const SAID_AGAIN_AFTER_MS = 3_600_000;

/** More kinds than there are. */
const MAX_KINDS = 100;

/**
 * Logs failures that no client caused. Those that are known, such as a full disk, are a warning in their
 * own sentence, once an hour for each kind; any other is logged whole, each time.
 */
export function failureLog(log: Logger, clock: Pick<Clock, 'monotonicMs'>) {
  const saidAtMs = new Map<string, number>();
  return (error: unknown): void => {
    if (!(error instanceof AppError)) {
      log.error({ err: error }, 'An unexpected failure.');
      return;
    }
    const nowMs = clock.monotonicMs();
    const beforeMs = saidAtMs.get(error.message) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - beforeMs < SAID_AGAIN_AFTER_MS) return;
    if (saidAtMs.size >= MAX_KINDS) saidAtMs.clear();
    saidAtMs.set(error.message, nowMs);
    log.warn(detailsOf(error), error.message);
  };
}

/** What the log says of a failure beside its sentence: of a known one no stack, but what caused it. */
export function detailsOf(error: unknown): object {
  if (error === undefined) return {};
  if (!(error instanceof AppError)) return { err: error };
  const { cause } = error;
  const code = errorCodeOf(cause);
  const reason = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : undefined;
  return { ...(code !== null && { code }), ...(reason !== undefined && { reason }) };
}
