import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Principal } from '../access/principal.ts';
import { AppError, type Text } from '../errors.ts';
import { errorAnswer } from '../rest/errors.ts';
import { toClientError } from '../schema/errors.ts';

/**
 * Lets nobody who is unknown reach GraphQL, whose own words (its schema, the mistakes in a document)
 * come before any resolver is asked.
 */
export function requirePrincipal(
  principalOf: (request: IncomingMessage) => Principal | AppError,
  languageOf: (request: IncomingMessage) => keyof Text,
): RequestHandler {
  return (request, response, next) => {
    const principal = principalOf(request);
    if (!(principal instanceof AppError)) return next();
    const language = languageOf(request);
    const { status, headers } = errorAnswer(principal, language);
    response
      .status(status)
      .set(headers)
      .json({ errors: [toClientError(principal, language)] });
  };
}
