import type * as z from 'zod';
import { AppError, describeError, type ErrorCode, type Text } from '../domain/errors.ts';
import type { errorBody } from './contract/answers.ts';

/** The HTTP status of each error code. Codes used only by GraphQL do not occur here. */
const STATUS: Record<ErrorCode, number> = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  CURSOR_EXPIRED: 400,
  SLOW_CONSUMER: 503,
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
};

const INTERNAL: Text = {
  en: 'An internal error occurred; see the server log for details.',
  zh: '内部错误；详情请查看服务器日志。',
};

/** Converts a failure to an error response; unexpected failures are reported without details. */
export function errorAnswer(
  error: unknown,
  language: keyof Text,
): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: z.output<typeof errorBody>;
} {
  const known = error instanceof AppError ? error : new AppError('INTERNAL', INTERNAL);
  const message = describeError(known, language, restName);
  const status = STATUS[known.code];
  return {
    status,
    headers: headersOf(known),
    body: { status: 'error', message, code: known.code },
  };
}

/** Basic is accepted but never offered: a browser would store it and send it with requests of any page. */
function headersOf({ code, retryAfterSeconds }: AppError): Record<string, string> {
  return {
    ...(code === 'UNAUTHENTICATED' && { 'WWW-Authenticate': 'Bearer' }),
    ...(retryAfterSeconds !== null && { 'Retry-After': String(retryAfterSeconds) }),
  };
}

/** Resolver field names whose REST names differ in more than case. */
const NAMES: Readonly<Record<string, string>> = {
  publicKey: 'peer_pubkey',
  expiresAt: 'expiry_date',
};

export function restName(field: string): string {
  if (Object.hasOwn(NAMES, field)) return NAMES[field] as string;
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
