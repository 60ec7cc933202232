import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ErrorCode } from '../../../domain/errors.ts';
import type { Context } from '../../../resolvers/context.ts';

const CODE: ErrorCode = 'PERSISTED_QUERY_NOT_SUPPORTED';

/** Whether a request identifies an operation only by its hash. */
export function isPersistedQuery(params: unknown): boolean {
  const { query, extensions } = (params ?? {}) as { query?: unknown; extensions?: unknown };
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown };
  return persistedQuery != null && (query == null || query === '');
}

/**
 * Clients react to this message, which is therefore not translated, by sending the full text. Over HTTP
 * they recognize it only in a response with status 200.
 */
export function persistedQueryNotSupported(extensions: object = {}): GraphQLError {
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { ...extensions, code: CODE },
  });
}

/** Rejects persisted queries over HTTP, because none are stored. */
export function usePersistedQueries(): Plugin<object, Context> {
  return {
    onParams: ({ params }) => {
      if (isPersistedQuery(params)) throw persistedQueryNotSupported({ http: { status: 200 } });
    },
  };
}
