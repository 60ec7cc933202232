import type { Writable } from 'node:stream';

const LEVELS: Readonly<Record<number, string>> = {
  30: '',
  40: 'WARNING ',
  50: 'ERROR ',
  60: 'ERROR ',
};

interface Entry {
  readonly time: string;
  readonly level: number;
  readonly msg: string;
  readonly err?: { readonly stack?: string };
  /** The cause of a known failure. */
  readonly reason?: string;
}

/**
 * A destination for pino that writes each entry as a line for people: the local time, the level if it matters,
 * the text.
 */
export function terminalLines(
  terminal: Pick<Writable, 'write'>,
  timeZone: string,
): { write(line: string): void } {
  return {
    write: (line) => {
      const { time, level, msg, err, reason } = JSON.parse(line) as Entry;
      const cause = reason === undefined ? '' : ` (${reason})`;
      const at = new Date(time).toLocaleTimeString('en-GB', { timeZone });
      const stack = err?.stack === undefined ? '' : `\n${err.stack}`;
      terminal.write(`${at}  ${LEVELS[level] ?? ''}${msg}${cause}${stack}\n`);
    },
  };
}
