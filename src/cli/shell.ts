import { parseArgs } from 'node:util';
import type { Config } from '../config/config.ts';
import { AppError, type Text } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { quoted } from '../domain/secret-like.ts';

/** What a command knows of the world around it. */
export interface Shell {
  readonly config: Config;
  readonly now: Date;
  /** Writes a line for whatever reads the command's output. */
  readonly print: (line: string) => void;
  /** Writes a line for people. */
  readonly say: (text: Text) => void;
}

/** The command was not called as it wants to be; the usage goes along with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly text: Text,
    readonly usage: string,
  ) {
    super(text.en);
  }
}

/** Text options and the words beside them. Throws a `UsageError`. */
export function readArguments<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
  usage: string,
): { readonly options: Partial<Record<Name, string>>; readonly words: readonly string[] } {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    return { options: values as Partial<Record<Name, string>>, words: positionals };
  } catch (error) {
    if (!isParseError(error)) throw error;
    const [, option] = /'(--?[^' ]+)/.exec(error.message) ?? [];
    if (option === undefined) throw new UsageError(NOT_UNDERSTOOD, usage);
    const known = names.map((name) => `--${name}`);
    throw known.includes(option as (typeof known)[number])
      ? needsValue(option, usage)
      : unknownWord(option, known, usage);
  }
}

/** For a command that takes none. */
export function refuseWords(args: readonly string[], usage: string): void {
  const [word] = args;
  if (word !== undefined) throw unknownWord(word, [], usage);
}

/** Names a word that is not understood, and the one that was perhaps meant. */
export function unknownWord(word: string, known: readonly string[], usage: string): UsageError {
  const shown = quoted(word);
  const near = nearest(word, known);
  const [hint, hintZh] =
    near === null ? ['', ''] : [`; did you mean ${near}?`, `；是否想写 ${near}？`];
  return new UsageError(
    {
      en: `${shown} is not understood here${hint || '.'}`,
      zh: `无法识别 ${shown}${hintZh || '。'}`,
    },
    usage,
  );
}

function needsValue(option: string, usage: string): UsageError {
  return new UsageError(
    { en: `${option} needs a value after it.`, zh: `${option} 后面需要一个值。` },
    usage,
  );
}

const NOT_UNDERSTOOD: Text = {
  en: 'The words after the command are not understood.',
  zh: '无法识别命令后面的参数。',
};

function isParseError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof Error && typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}

/** The fields of an input error under the names of the options they came from. */
export function asUsageError(
  error: unknown,
  optionOf: Readonly<Record<string, string>>,
  usage: string,
): unknown {
  if (!(error instanceof AppError) || error.fields.length === 0) return error;
  const sentence = (language: keyof Text) =>
    error.fields.map(({ field, text }) => `${optionOf[field] ?? field} ${text[language]}`);
  return new UsageError(
    { en: `${sentence('en').join('; ')}.`, zh: `${sentence('zh').join('；')}。` },
    usage,
  );
}
