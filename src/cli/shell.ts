import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { AppError, type Text } from '../errors.ts';
import { withoutSecrets } from '../secret-like.ts';

/** What a command knows of the world around it. */
export interface Shell {
  readonly config: Config;
  readonly now: Date;
  /** Writes a line for whatever reads the command's output. */
  readonly print: (line: string) => void;
  /** Writes a line for people. */
  readonly say: (text: Text) => void;
}

/** The command was not called as it wants to be; the usage goes along with it. A word may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly text: Text;

  constructor(
    { en, zh }: Text,
    readonly usage: string,
  ) {
    super(withoutSecrets(en));
    this.text = { en: withoutSecrets(en), zh: withoutSecrets(zh) };
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
    const [first] = error.message.split('. ');
    throw new UsageError({ en: `${first}.`, zh: `参数有误：${first}。` }, usage);
  }
}

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
