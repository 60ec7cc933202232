import type { Writable } from 'node:stream';

const LEVELS: Readonly<Record<number, string>> = {
  30: '',
  40: 'WARNING ',
  50: 'ERROR ',
  60: 'ERROR ',
};

/** The place of the time of day in ISO 8601. */
const TIME = [11, 19] as const;

interface Entry {
  readonly time: string;
  readonly level: number;
  readonly msg: string;
  readonly err?: { readonly stack?: string };
}

/** A destination for pino that writes each entry as a line for people: the time, the level if it matters, the text. */
export function terminalLines(terminal: Pick<Writable, 'write'>): { write(line: string): void } {
  return {
    write: (line) => {
      const { time, level, msg, err } = JSON.parse(line) as Entry;
      const stack = err?.stack === undefined ? '' : `\n${err.stack}`;
      terminal.write(`${time.slice(...TIME)}  ${LEVELS[level] ?? ''}${msg}${stack}\n`);
    },
  };
}
