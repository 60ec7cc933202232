import { useRef } from 'react';
import {
  Client,
  type CombinedError,
  fetchExchange,
  mapExchange,
  type RequestPolicy,
  useMutation as useUrqlMutation,
  useQuery as useUrqlQuery,
} from 'urql';
import { accessEnded } from './access.ts';
import { cache } from './cache.ts';
import type { TypedDocument } from './document.ts';

export type Failure = CombinedError;

/** Reports the end of access once for all requests. */
const access = mapExchange({
  onError: (error) => {
    if (codeOf(error) === 'UNAUTHENTICATED') accessEnded();
  },
});

export function createApiClient(): Client {
  return new Client({
    url: '/graphql',
    exchanges: [cache, access, fetchExchange],
    // Sent by the browser as the language of the errors.
    fetchOptions: () => ({ headers: { 'accept-language': document.documentElement.lang } }),
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
  });
}

/** The `extensions.code` of the first error of an answer; null if the server did not answer. */
export function codeOf(error: CombinedError): string | null {
  const code = error.graphQLErrors[0]?.extensions.code;
  return typeof code === 'string' ? code : null;
}

export interface QueryOptions {
  readonly pause?: boolean;
  readonly policy?: RequestPolicy;
}

/**
 * Reads a query. `data` is the last answer with data for these variables, also after a later read has failed; `error` is
 * the failure of the last read. `again` reads it from the server again.
 */
export function useData<Result, Variables extends Record<string, unknown>>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  { pause = false, policy }: QueryOptions = {},
) {
  const [{ data, error, fetching, operation }, read] = useUrqlQuery<Result, Variables>({
    query: document.toString(),
    variables,
    pause,
    ...(policy && { requestPolicy: policy }),
  });
  const key = JSON.stringify([document, variables]);
  const last = useRef<{ readonly key: string; readonly data: Result } | null>(null);
  // The result of other variables stays until that of these arrives.
  const isOfThese = JSON.stringify(operation?.variables) === JSON.stringify(variables);
  // The answer to a request that failed has no data, or null.
  if (isOfThese && data != null) last.current = { key, data };
  return {
    data: last.current?.key === key ? last.current.data : undefined,
    error: isOfThese ? error : undefined,
    fetching,
    again: () => read({ requestPolicy: 'network-only' }),
  };
}

/** Returns a function that runs a mutation and resolves with its data, or rejects with a `Failure`. */
export function useChange<Result, Variables extends Record<string, unknown>>(
  document: TypedDocument<Result, Variables>,
): (variables: Variables) => Promise<Result> {
  const [, run] = useUrqlMutation<Result, Variables>(document.toString());
  return async (variables) => {
    const { data, error } = await run(variables);
    if (error) throw error;
    return data as Result;
  };
}
