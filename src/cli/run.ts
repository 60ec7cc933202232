import type { BilingualCommand } from './bilingual-command.ts';
import type { Answer, Shell } from './shell.ts';

/** What a command was called with. */
export interface Call {
  readonly shell: Shell;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Prints one of many things as soon as it is there: a line, or with `--json` the value. */
  readonly emit: (json: unknown, line: string) => void;
}

/** Lets a command run `action` and print its answer, as one line of JSON if that was requested. */
export type Run = (command: BilingualCommand, action: (call: Call) => Promise<Answer>) => void;

/** `open` is called only once the arguments are known to be right. */
export function runIn(open: () => Shell, onProblem: () => void): Run {
  return (command, action) => {
    command
      .with('--json', { en: 'print the answer as JSON', zh: '以 JSON 输出结果' })
      .action(async () => {
        const shell = open();
        const { json, ...options } = command.opts<{ json?: boolean }>();
        const emit = (value: unknown, line: string) =>
          shell.print(json ? JSON.stringify(value) : line);
        const answer = await action({ shell, words: command.args, options, emit });
        print(answer, shell, json ?? false);
        if (answer.isGood === false) onProblem();
      });
  };
}

function print({ json, lines = [], note }: Answer, { print: line, say }: Shell, asJson: boolean) {
  if (asJson) return json === undefined ? undefined : line(JSON.stringify(json));
  for (const text of lines) line(text);
  if (note !== undefined) say(note);
}
