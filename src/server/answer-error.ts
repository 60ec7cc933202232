import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOfServer, type Text } from '../domain/errors.ts';
import { errorAnswer } from '../rest/errors.ts';
import { toJson } from '../rest/json.ts';
import { securityHeaders } from './security-headers.ts';

export interface ErrorAnswerOptions {
  readonly languageOf: (request: IncomingMessage) => keyof Text;
  /** Receives failures that the client did not cause. */
  readonly onInternalError: (error: unknown) => void;
}

export type AnswerError = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/** Answers requests that no API handled with the documented error form, readable from any origin. */
export function errorAnswers({ languageOf, onInternalError }: ErrorAnswerOptions): AnswerError {
  return (error, request, response) => {
    const { status, headers, body } = errorAnswer(error, languageOf(request));
    if (isOfServer(error)) onInternalError(error);
    securityHeaders(request, response, () => {});
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(toJson(body));
  };
}
