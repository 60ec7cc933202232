import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { AppError, type Text } from '../errors.ts';
import { toClientError } from '../schema/errors.ts';

/**
 * GraphQL takes JSON alone. Forms and plain text need no preflight, so a page elsewhere could post
 * them with its visitor's rights.
 */
export function refuseNonJson(
  languageOf: (request: IncomingMessage) => keyof Text,
): RequestHandler {
  return (request, response, next) => {
    const kind = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (request.method !== 'POST') return next();
    if (kind === 'application/json') {
      // Yoga takes the name in lower case alone, and JSON has but one charset.
      request.headers['content-type'] = kind;
      return next();
    }
    const error = new AppError('UNSUPPORTED_MEDIA_TYPE', {
      en: 'Send GraphQL operations as application/json.',
      zh: '请以 application/json 发送 GraphQL 操作。',
    });
    response.status(415).json({ errors: [toClientError(error, languageOf(request))] });
  };
}
