import { parseArgs } from 'node:util';
import type { Config } from '../config/config.ts';
import { AppError, type Text } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { quoted } from '../domain/secret-like.ts';

/** The environment of a command. */
export interface Shell {
  readonly config: Config;
  readonly now: Date;
  /** Writes a line of machine-readable output. */
  readonly print: (line: string) => void;
  /** Writes a message for people. */
  readonly say: (text: Text) => void;
}

/** The command was called with wrong arguments; carries the usage to print. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly text: Text,
    readonly usage: string,
  ) {
    super(text.en);
  }
}

/** Parses options with text values, and positional arguments. Throws a `UsageError`. */
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

/** Rejects any arguments, for a command that takes none. */
export function refuseWords(args: readonly string[], usage: string): void {
  const [word] = args;
  if (word !== undefined) throw unknownWord(word, [], usage);
}

/** The error for an unknown word, with a suggestion if a known one is similar. */
export function unknownWord(word: string, known: readonly string[], usage: string): UsageError {
  const shown = quoted(word);
  const near = nearest(word, known);
  const [hint, hintZh] =
    near === null ? ['', ''] : [`; did you mean ${near}?`, `；是否想写 ${near}？`];
  return new UsageError(
    {
      en: `${shown} is not a valid argument${hint || '.'}`,
      zh: `无法识别 ${shown}${hintZh || '。'}`,
    },
    usage,
  );
}

function needsValue(option: string, usage: string): UsageError {
  return new UsageError(
    { en: `${option} must be followed by a value.`, zh: `${option} 后面需要一个值。` },
    usage,
  );
}

const NOT_UNDERSTOOD: Text = {
  en: 'The arguments after the command are not valid.',
  zh: '无法识别命令后面的参数。',
};

function isParseError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof Error && typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}

/** Converts an input error to a `UsageError` that names the options instead of the fields. */
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
