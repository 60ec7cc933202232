import { type Logger, pino } from 'pino';
import type { Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import { terminalLines } from './terminal-lines.ts';

/** Creates a logger to standard output: JSON lines, or lines for people if that is a terminal. */
export function createLogger(level: string, timeZone: string): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const { stdout } = process;
  return stdout.isTTY ? pino(options, terminalLines(stdout, timeZone)) : pino(options);
}

/** Logs texts in this language. */
export function createLog(logger: Logger, language: keyof Text): Log {
  const at =
    (level: keyof Log) =>
    (text: Text, details: object = {}) =>
      logger[level](details, text[language]);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
