import type { Logger } from 'pino';
import type { Text } from '../domain/errors.ts';
import { detailsOf } from './failure-log.ts';

/** Logs when the problem of the polls becomes another one, or ends. */
export function problemLog(log: Logger): (problem: Text | null, cause?: unknown) => void {
  return (problem, cause) => {
    if (problem === null) log.info('WireGuard is read and booked again.');
    else log.warn(detailsOf(cause), problem.en);
  };
}

/** Logs how many connections a stop cut. */
export function cutLog(log: Logger): (count: number) => void {
  return (count) =>
    log.warn(`Connections cut at the stop, since their clients did not let them end: ${count}.`);
}
