import { useEffect, useState } from 'react';
import type { Failure } from '../api/client.ts';
import { type SessionLineFragment, UserSessionsDocument } from '../api/generated/pages/graphql.ts';
import { readOnce } from '../api/read.ts';

/** A user with more sessions in the time that the page shows is one whose connection breaks each ten minutes. */
const MAX_PAGES = 15;

export interface Sessions {
  /** The newest first. */
  readonly sessions: readonly SessionLineFragment[];
  readonly isLoading: boolean;
  readonly error: Failure | null;
}

const LOADING: Sessions = { sessions: [], isLoading: true, error: null };

/** The sessions of a user since a time; read again when `renewal` changes. */
export function useSessions(id: string, from: string, renewal: string): Sessions {
  const [state, setState] = useState(LOADING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `renewal` is what asks for a new read.
  useEffect(() => {
    const abort = new AbortController();
    readAll(id, from, abort.signal).then(
      (sessions) => {
        if (!abort.signal.aborted) setState({ sessions, isLoading: false, error: null });
      },
      (error: Failure) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, isLoading: false, error }));
      },
    );
    return () => abort.abort();
  }, [id, from, renewal]);
  return state;
}

async function readAll(
  id: string,
  from: string,
  signal: AbortSignal,
): Promise<SessionLineFragment[]> {
  const found: SessionLineFragment[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const variables: { id: string; from: string; to: null; after: string | null } = {
      ...{ id, from, to: null, after },
    };
    const { sessions } = await readOnce(UserSessionsDocument, variables, signal);
    found.push(...sessions.edges.map(({ node }) => node));
    if (!sessions.pageInfo.hasNextPage) break;
    after = sessions.pageInfo.endCursor ?? null;
  }
  return found;
}
