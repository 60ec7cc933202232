import type * as z from 'zod';
import { AppError, describeError, type Text } from '../domain/errors.ts';
import { ERROR_STATUS, type errorBody } from './contract/errors.ts';

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
  const status = ERROR_STATUS[known.code];
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
