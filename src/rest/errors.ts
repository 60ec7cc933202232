import { AppError, describeError, type ErrorCode, type Text } from '../domain/errors.ts';
import type { Json } from './json.ts';

/** The HTTP status of each failure. Those of GraphQL alone cannot happen here. */
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
  en: 'Something went wrong inside; the log of the server says what.',
  zh: '内部错误；详情请查看服务器日志。',
};

/** How a client is told of a failure; of an unexpected one nothing but that it happened. */
export function errorAnswer(
  error: unknown,
  language: keyof Text,
): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
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

/** Basic is taken but never asked for: a browser would keep it and send it along from any page. */
function headersOf({ code, retryAfterSeconds }: AppError): Record<string, string> {
  return {
    ...(code === 'UNAUTHENTICATED' && { 'WWW-Authenticate': 'Bearer' }),
    ...(retryAfterSeconds !== null && { 'Retry-After': String(retryAfterSeconds) }),
  };
}

/** The resolvers' names of fields that REST spells in another way than by mere case. */
const NAMES: Readonly<Record<string, string>> = {
  publicKey: 'peer_pubkey',
  expiresAt: 'expiry_date',
};

export function restName(field: string): string {
  if (Object.hasOwn(NAMES, field)) return NAMES[field] as string;
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
