import { type Logger, pino } from 'pino';

/** Creates a logger that writes JSON lines to standard output. Secrets must never be passed to it. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
