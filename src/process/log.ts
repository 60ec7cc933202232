import { type Logger, pino } from 'pino';

/** Structured lines on standard output. Nothing secret is ever given to it. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
