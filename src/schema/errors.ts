import { GraphQLError } from 'graphql';
import {
  AppError,
  describeError,
  ERROR_CODES,
  type ErrorCode,
  type Text,
} from '../domain/errors.ts';
import { redactMessage } from './redact-message.ts';

const INTERNAL: Text = {
  en: 'An internal error occurred; see the server log for details.',
  zh: '内部错误；详情请查看服务器日志。',
};

/**
 * Converts a failure to the error sent to the client: an application error with its code and fields,
 * an error in the document as `INVALID_ARGUMENT`, and any other failure as `INTERNAL` without details.
 */
export function toClientError(error: unknown, language: keyof Text): GraphQLError {
  const original = error instanceof GraphQLError ? rootOf(error) : error;
  const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {};
  if (original instanceof AppError) {
    return new GraphQLError(describeError(original, language), {
      ...place,
      extensions: {
        code: original.code,
        ...(original.fields.length > 0 && {
          fields: original.fields.map(({ field, text }) => ({ field, message: text[language] })),
        }),
      },
    });
  }
  if (original instanceof GraphQLError) {
    const { code: own, http } = original.extensions as {
      code?: unknown;
      http?: { status?: number };
    };
    if (ERROR_CODES.some((known) => known === own)) return original;
    const code: ErrorCode = http?.status === 405 ? 'METHOD_NOT_ALLOWED' : 'INVALID_ARGUMENT';
    return new GraphQLError(redactMessage(original.message), {
      ...place,
      source: original.source,
      positions: original.positions,
      extensions: { ...httpOf(original), code },
    });
  }
  return new GraphQLError(INTERNAL[language], { ...place, extensions: { code: 'INTERNAL' } });
}

/** Whether the failure is not caused by the client's input, so that it must be logged. */
export function isInternal(error: unknown): boolean {
  const original = error instanceof GraphQLError ? rootOf(error) : error;
  return !(original instanceof AppError || original instanceof GraphQLError);
}

function rootOf(error: GraphQLError): unknown {
  const { originalError } = error;
  return originalError instanceof GraphQLError ? rootOf(originalError) : (originalError ?? error);
}

/**
 * Keeps the HTTP status that the server attached to the error. A request without a valid operation gets
 * 400 whatever the client accepts; `spec` would answer clients that accept only application/json with 200.
 */
function httpOf({ extensions: { http, code } }: GraphQLError): object {
  if (http === undefined) return {};
  const { spec, ...always } = http as { readonly spec?: boolean };
  return { http: code === 'BAD_REQUEST' ? always : http };
}
