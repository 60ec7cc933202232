import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Context } from '../../resolvers/context.ts';

const CODE: ErrorCode = 'PERSISTED_QUERY_NOT_SUPPORTED';

/** Whether a request names an operation by its hash and does not send the text. */
export function isPersistedQuery(params: unknown): boolean {
  const { query, extensions } = (params ?? {}) as { query?: unknown; extensions?: unknown };
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown };
  return persistedQuery != null && (query == null || query === '');
}

/**
 * Clients know this message, the same in every language, and send the text next. Over HTTP they read it
 * only in an answer with status 200.
 */
export function persistedQueryNotSupported(extensions: object = {}): GraphQLError {
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { ...extensions, code: CODE },
  });
}

/** Answers persisted queries over HTTP: none are kept. */
export function usePersistedQueries(): Plugin<object, Context> {
  return {
    onParams: ({ params }) => {
      if (isPersistedQuery(params)) throw persistedQueryNotSupported({ http: { status: 200 } });
    },
  };
}
