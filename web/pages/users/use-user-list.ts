import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { changedUsers } from '../../actions/changed-users.ts';
import type { Failure } from '../../api/client.ts';
import {
  UserCountDocument,
  type UserFilter,
  type UserOrder,
  type UserRowFragment,
} from '../../api/generated/pages/graphql.ts';
import { readOnce } from '../../api/read.ts';
import { useStatus } from '../../live/status.ts';
import { type ListOf, type Page, pagesIn, readPage, rowsOf, withChanges } from './read-pages.ts';

/** How old the figures of the rows in view become; their dots and rates are live. */
const AGAIN_MS = 30_000;

/** A list that is no longer than that many pages is read as a whole when another number of users matches. */
const SHORT = 2;

export interface UserList {
  /** What has been read so far, in order. */
  readonly rows: readonly UserRowFragment[];
  /** How many match; null while it is not known. */
  readonly total: number | null;
  readonly isComplete: boolean;
  /** Nothing of this list has been read yet. */
  readonly isFirst: boolean;
  readonly error: Failure | null;
  /** Reads everything again. */
  readonly again: () => void;
  /** Says which rows are in view. */
  readonly onRange: (first: number, last: number) => void;
}

interface State {
  readonly pages: readonly Page[];
  readonly total: number | null;
  readonly isComplete: boolean;
  readonly isFirst: boolean;
  readonly error: Failure | null;
}

const EMPTY: State = { pages: [], total: null, isComplete: false, isFirst: true, error: null };

/**
 * All users that match, page after page. While another order or filter is read, the former rows stay. The pages in view
 * are read again now and then, and everything when users have come or gone.
 */
export function useUserList(filter: UserFilter, orderBy: UserOrder): UserList {
  const [state, setState] = useState<State>(EMPTY);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((number) => number + 1), []);
  useWhenUsersComeOrGo(again);
  const range = useRef<readonly [number, number]>([0, 0]);
  const newest = useRef(state);
  newest.current = state;
  const key = JSON.stringify([filter, orderBy]);
  const readKey = useRef('');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the filter and the order, `round` asks for another time.
  useEffect(() => {
    const list: ListOf = { filter, orderBy };
    const isSameList = readKey.current === key;
    readKey.current = key;
    const ended = new AbortController();
    const change = (part: (before: State) => Partial<State>) => {
      if (!ended.signal.aborted) setState((before) => ({ ...before, ...part(before) }));
    };
    const fail = (error: unknown) => change(() => ({ isFirst: false, error: error as Failure }));
    const readTotal = async () =>
      (await readOnce(UserCountDocument, { filter }, ended.signal)).users.totalCount;

    if (!isSameList) change(() => ({ isComplete: false }));
    const readAll = async () => {
      let page: Page | null = null;
      for (let index = 0; page === null || page.end !== null; index += 1) {
        const read: Page = await readPage(list, page?.end ?? null, ended.signal);
        change(({ pages, isComplete }) => ({
          // What is still to be read again stays until then.
          pages: [
            ...pages.slice(0, index),
            read,
            ...(isSameList && read.end !== null ? pages.slice(index + 1) : []),
          ],
          isComplete: read.end === null || (isSameList && isComplete),
          isFirst: false,
          error: null,
        }));
        page = read;
      }
    };
    readAll().catch(fail);
    readTotal().then((total) => change(() => ({ total })), fail);

    const readAgain = async () => {
      const { pages, isComplete, total, error } = newest.current;
      if (error !== null) return again();
      if (!isComplete || document.hidden) return;
      const now = await readTotal();
      if (now !== total && pages.length <= SHORT) return again();
      change(() => ({ total: now }));
      for (const index of pagesIn(pages, ...range.current)) {
        const page = await readPage(list, pages[index]?.after ?? null, ended.signal);
        change((before) => ({ pages: before.pages.with(index, page) }));
      }
    };
    const timer = setInterval(() => void readAgain().catch(fail), AGAIN_MS);
    const unsubscribe = changedUsers.subscribe((changes) =>
      change(({ pages }) => ({ pages: withChanges(pages, changes) })),
    );
    return () => {
      ended.abort();
      clearInterval(timer);
      unsubscribe();
    };
  }, [key, round]);

  const rows = useMemo(() => rowsOf(state.pages), [state.pages]);
  const onRange = useCallback((first: number, last: number) => {
    range.current = [first, last];
  }, []);
  return { ...state, rows, again, onRange };
}

function useWhenUsersComeOrGo(work: () => void): void {
  const total = useStatus()?.totalUsers;
  const known = useRef(total);
  useEffect(() => {
    if (total === undefined) return;
    if (known.current !== undefined && known.current !== total) work();
    known.current = total;
  }, [total, work]);
}
