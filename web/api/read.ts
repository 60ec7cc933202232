import { CombinedError } from 'urql';
import { accessEnded } from './access.ts';
import { codeOf } from './client.ts';
import type { TypedDocument } from './document.ts';

/**
 * Reads a query past the cache, for long lists: thousands of entries that are shown once, or written to a file, would
 * stay in the cache. Rejects with a `Failure`.
 */
export async function readOnce<Result, Variables>(
  query: TypedDocument<Result, Variables>,
  variables: Variables,
  signal: AbortSignal,
): Promise<Result> {
  const { data, errors } = await post({ query: query.toString(), variables }, signal);
  if (errors === undefined) return data as Result;
  const error = new CombinedError({ graphQLErrors: errors });
  if (codeOf(error) === 'UNAUTHENTICATED') accessEnded();
  throw error;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: ConstructorParameters<typeof CombinedError>[0]['graphQLErrors'];
}

async function post(body: object, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': document.documentElement.lang,
      },
      body: JSON.stringify(body),
      signal,
    });
    return (await answer.json()) as Answer;
  } catch (error) {
    throw new CombinedError({ networkError: error as Error });
  }
}
