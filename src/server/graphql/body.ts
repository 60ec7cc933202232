import express, { type RequestHandler } from 'express';
import { AppError } from '../../domain/errors.ts';
import { MAX_GRAPHQL_BODY_BYTES } from '../limits.ts';

/**
 * GraphQL takes JSON alone. Forms and plain text need no preflight, so a page elsewhere could post
 * them with its visitor's rights.
 */
export const refuseNonJson: RequestHandler = (request, _, next) => {
  if (request.method !== 'POST') return next();
  const kind = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (kind !== 'application/json') {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
      en: 'Send GraphQL operations as application/json.',
      zh: '请以 application/json 发送 GraphQL 操作。',
    });
  }
  // Yoga takes the name in lower case alone, and JSON has but one charset.
  request.headers['content-type'] = kind;
  next();
};

/** Nothing compressed, so that the limit is that of what is read. */
export const readJsonText: RequestHandler = express.text({
  type: 'application/json',
  limit: MAX_GRAPHQL_BODY_BYTES,
  inflate: false,
});

/** Yoga would wait for the body that was read already, where that is empty. */
export const refuseEmpty: RequestHandler = (request, _, next) => {
  if (request.method === 'POST' && !request.body) {
    throw new AppError('INVALID_ARGUMENT', {
      en: 'The body is empty; send JSON such as {"query": "{ status { running } }"}.',
      zh: '请求体为空；请发送 JSON，例如 {"query": "{ status { running } }"}。',
    });
  }
  next();
};

/** What reading the body throws, in the program's own terms; null for anything else. */
export function bodyFailure(error: unknown): AppError | null {
  if (error instanceof AppError) return null;
  switch ((error as { status?: unknown } | null)?.status) {
    case 413:
      return new AppError('PAYLOAD_TOO_LARGE', {
        en: 'The body is too large; at most 100 kB is taken.',
        zh: '请求体过大；最多接受 100 kB。',
      });
    case 415:
      return new AppError('UNSUPPORTED_MEDIA_TYPE', {
        en: 'Send GraphQL operations uncompressed and in UTF-8.',
        zh: '发送 GraphQL 操作时请不要压缩，并使用 UTF-8。',
      });
    case 400:
      return new AppError('INVALID_ARGUMENT', {
        en: 'The body cannot be read; send as many bytes as Content-Length says.',
        zh: '无法读取请求体；请按 Content-Length 发送相应的字节数。',
      });
    default:
      return null;
  }
}
