import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { AppError, invalidField } from '../../domain/errors.ts';

/** Longer than any token. */
const MAX_BODY_BYTES = 4_096;

/** Forms and plain text need no preflight, so a page of another origin could post them. */
const refuseNonJson: RequestHandler = (request, _, next) => {
  const kind = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (kind !== 'application/json') throw notJson();
  next();
};

const readText = express.text({
  type: 'application/json',
  limit: MAX_BODY_BYTES,
  inflate: false,
});

/** Converts the errors of the parser, whose messages may repeat the body. */
const convertFailure: ErrorRequestHandler = (error, _, __, next) => next(bodyFailure(error));

/** Reads the body of a request to log in. */
export const readLoginBody = [refuseNonJson, readText, convertFailure] as const;

/** The token in the body. */
export function tokenIn(body: unknown): string {
  const { token } = parsed(body);
  // As it can be sent in a header; any other text is no token.
  if (typeof token !== 'string' || !/^\s*\S+\s*$/.test(token)) throw noTokenInBody();
  return token.trim();
}

function parsed(body: unknown): { readonly token?: unknown } {
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : '');
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Its message repeats a part of the body.
  }
  throw new AppError('INVALID_ARGUMENT', {
    en: 'The body is not valid; send JSON such as {"token": "TOKEN"}.',
    zh: '请求体无效；请发送 JSON，例如 {"token": "令牌"}。',
  });
}

function bodyFailure(error: unknown): unknown {
  switch ((error as { status?: unknown } | null)?.status) {
    case 413:
      return new AppError('PAYLOAD_TOO_LARGE', {
        en: 'The body is too large; send at most 4 kB.',
        zh: '请求体过大；请不要超过 4 kB。',
      });
    case 415:
      return notJson();
    case 400:
      return new AppError('INVALID_ARGUMENT', {
        en: 'The body cannot be read; send exactly as many bytes as Content-Length states.',
        zh: '无法读取请求体；请发送与 Content-Length 一致的字节数。',
      });
    default:
      return error;
  }
}

function notJson(): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', {
    en: 'Send the token as application/json, uncompressed and in UTF-8.',
    zh: '请以 application/json 发送令牌，不要压缩，并使用 UTF-8。',
  });
}

function noTokenInBody(): AppError {
  return invalidField('token', { en: 'must be a token', zh: '必须是令牌' });
}
