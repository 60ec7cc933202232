import type { Logger } from 'pino';
import type { Text } from '../domain/errors.ts';
import { detailsOf } from './failure-log.ts';

/** Logs when the problem of the polls changes or ends. */
export function problemLog(log: Logger): (problem: Text | null, cause?: unknown) => void {
  return (problem, cause) => {
    if (problem === null) log.info('WireGuard is read and recorded again.');
    else log.warn(detailsOf(cause), problem.en);
  };
}

/** Logs the number of connections that a stop destroyed. */
export function cutLog(log: Logger): (count: number) => void {
  return (count) =>
    log.warn(
      `Connections destroyed at the stop because their clients did not close them in time: ${count}.`,
    );
}
