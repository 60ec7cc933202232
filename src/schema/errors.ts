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
  en: 'Something went wrong inside; the log of the server says what.',
  zh: '内部错误；详情请查看服务器日志。',
};

/**
 * What a client is told of a failure: its own errors by code and fields, mistakes in the document as
 * `INVALID_ARGUMENT`, and of anything else nothing but that it happened.
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

/** Whether the operator must hear of it: nobody's input caused it. */
export function isInternal(error: unknown): boolean {
  const original = error instanceof GraphQLError ? rootOf(error) : error;
  return !(original instanceof AppError || original instanceof GraphQLError);
}

function rootOf(error: GraphQLError): unknown {
  const { originalError } = error;
  return originalError instanceof GraphQLError ? rootOf(originalError) : (originalError ?? error);
}

/**
 * The HTTP status that the server asked for along with the error stays with it. A request that is no
 * operation at all is 400 for every kind of client; `spec` would make it 200 for older ones.
 */
function httpOf({ extensions: { http, code } }: GraphQLError): object {
  if (http === undefined) return {};
  const { spec, ...always } = http as { readonly spec?: boolean };
  return { http: code === 'BAD_REQUEST' ? always : http };
}
