import { AppError, type Text } from '../domain/errors.ts';

/** The exit code for wrong arguments. */
export const EXIT_USAGE = 2;

/** The command was called with wrong arguments; carries the help to print. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly text: Text,
    readonly usage: string,
  ) {
    super(text.en);
  }
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
