import express, { type RequestHandler } from 'express';
import { AppError } from '../../domain/errors.ts';
import { MAX_GRAPHQL_BODY_BYTES } from '../limits.ts';

/**
 * GraphQL accepts only JSON. Forms and plain text need no preflight, so a page of another origin could
 * post them with its visitor's access.
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
  // Yoga accepts the type only in lower case; the charset is dropped because JSON has only one.
  request.headers['content-type'] = kind;
  next();
};

/** Compressed bodies are rejected, so the limit applies to the bytes actually read. */
export const readJsonText: RequestHandler = express.text({
  type: 'application/json',
  limit: MAX_GRAPHQL_BODY_BYTES,
  inflate: false,
});

/** Yoga would wait forever for an empty body, because it has already been read. */
export const refuseEmpty: RequestHandler = (request, _, next) => {
  if (request.method === 'POST' && !request.body) {
    throw new AppError('INVALID_ARGUMENT', {
      en: 'The body is empty; send JSON such as {"query": "{ status { running } }"}.',
      zh: '请求体为空；请发送 JSON，例如 {"query": "{ status { running } }"}。',
    });
  }
  next();
};

/** Converts an error of the body parser to an application error; returns null for any other error. */
export function bodyFailure(error: unknown): AppError | null {
  if (error instanceof AppError) return null;
  switch ((error as { status?: unknown } | null)?.status) {
    case 413:
      return new AppError('PAYLOAD_TOO_LARGE', {
        en: 'The body is too large; send at most 500 kB.',
        zh: '请求体过大；请不要超过 500 kB。',
      });
    case 415:
      return new AppError('UNSUPPORTED_MEDIA_TYPE', {
        en: 'Send GraphQL operations uncompressed and in UTF-8.',
        zh: '发送 GraphQL 操作时请不要压缩，并使用 UTF-8。',
      });
    case 400:
      return new AppError('INVALID_ARGUMENT', {
        en: 'The body cannot be read; send exactly as many bytes as Content-Length states.',
        zh: '无法读取请求体；请发送与 Content-Length 一致的字节数。',
      });
    default:
      return null;
  }
}
