import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../api/client.ts';
import type { Page } from '../export/read-all.ts';

export type ReadPage<Row> = (
  after: string | null,
  first: number,
  signal: AbortSignal,
) => Promise<Page<Row>>;

const PAGE_SIZE = 100;

interface State<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly isLoading: boolean;
  readonly error: Failure | null;
}

const BEGIN = { rows: [], next: null, isLoading: true, error: null };

export interface Pages<Row> extends State<Row> {
  /** Loads the next page; does nothing while one is loaded, and at the end. */
  readonly more: () => void;
  /** Loads the list from the start. */
  readonly restart: () => void;
}

/** A list that grows page by page; it begins again when `readPage` is another function. */
export function usePages<Row>(readPage: ReadPage<Row>): Pages<Row> {
  const [state, setState] = useState<State<Row>>(BEGIN);
  const [starts, setStarts] = useState(0);
  const abort = useRef(new AbortController());

  const load = useCallback(
    async (after: string | null) => {
      const { signal } = abort.current;
      setState((before) => ({ ...before, isLoading: true, error: null }));
      try {
        const { rows, next } = await readPage(after, PAGE_SIZE, signal);
        if (signal.aborted) return;
        setState((before) => ({
          rows: after === null ? rows : [...before.rows, ...rows],
          next,
          isLoading: false,
          error: null,
        }));
      } catch (error) {
        if (signal.aborted) return;
        setState((before) => ({ ...before, isLoading: false, error: error as Failure }));
      }
    },
    [readPage],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `starts` is what asks for a new start.
  useEffect(() => {
    const mine = new AbortController();
    abort.current = mine;
    setState(BEGIN);
    void load(null);
    return () => mine.abort();
  }, [load, starts]);

  return {
    ...state,
    more: () => {
      if (!state.isLoading && (state.next !== null || state.rows.length === 0))
        void load(state.next);
    },
    restart: () => {
      setState(BEGIN);
      setStarts((number) => number + 1);
    },
  };
}
