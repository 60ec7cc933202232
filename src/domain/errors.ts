/** A message in both languages; each API selects the one for its client. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** Parses a message stored as JSON; null if there is none or it is not a message. */
export function storedText(json: string | null): Text | null {
  if (json === null) return null;
  try {
    const { en, zh } = JSON.parse(json);
    return typeof en === 'string' && typeof zh === 'string' ? { en, zh } : null;
  } catch {
    return null;
  }
}

/** Joins all messages that are not null; null if there are none. */
export function joinTexts(texts: readonly (Text | null)[]): Text | null {
  const given = texts.filter((text) => text !== null);
  if (given.length === 0) return null;
  return {
    en: given.map(({ en }) => en).join(' '),
    zh: given.map(({ zh }) => zh).join(''),
  };
}

/** All error codes. Each API has a table with an entry for every code. */
export const ERROR_CODES = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'CONFLICT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
  'INTERNAL',
  'UNAVAILABLE',
  'CURSOR_EXPIRED',
  'SLOW_CONSUMER',
  'PERSISTED_QUERY_NOT_FOUND',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What is wrong with one input field. The field has the name that the resolvers use. */
export interface FieldError {
  readonly field: string;
  readonly text: Text;
  /** The field has the name that the client sent. */
  readonly asSent?: true;
}

/** The only kind of error that clients see; any other error is sent as `INTERNAL`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  /** When to try again; null if unknown. */
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: ErrorCode,
    readonly text: Text,
    readonly fields: readonly FieldError[] = [],
    options: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(text.en, options);
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** Whether an error must be logged because no client caused it: it is not an `AppError`, or it has a cause. */
export function isOfServer(error: unknown): boolean {
  return !(error instanceof AppError) || error.cause !== undefined;
}

/** `INVALID_ARGUMENT` with all invalid fields. */
export function invalidFields(fields: readonly FieldError[]): AppError {
  return new AppError(
    'INVALID_ARGUMENT',
    { en: 'The input is not valid.', zh: '输入无效。' },
    fields,
  );
}

/** `INVALID_ARGUMENT` with a single invalid field. */
export function invalidField(field: string, text: Text): AppError {
  return invalidFields([{ field, text }]);
}

export function userNotFound(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'There is no user with this id; list the users to see which exist.',
    zh: '没有该 ID 的用户；请查看用户列表。',
  });
}

/**
 * The error message in one language. `rename` converts the resolvers' field names to those of the API,
 * so that the message uses the names that the client sent.
 */
export function describeError(
  error: AppError,
  language: keyof Text,
  rename: (field: string) => string = (field) => field,
): string {
  if (error.fields.length === 0) return error.text[language];
  return error.fields
    .map(({ field, text, asSent }) => {
      const name = asSent ? field : rename(field);
      return language === 'zh' ? `${name}：${text.zh}` : `${name}: ${text.en}`;
    })
    .join(' ');
}
