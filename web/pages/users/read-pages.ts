import { type Changes, changedUsers } from '../../actions/changed-users.ts';
import {
  type UserFilter,
  type UserOrder,
  UserPageDocument,
  type UserRowFragment,
} from '../../api/generated/pages/graphql.ts';
import { readOnce } from '../../api/read.ts';

/** The first page fills the screen at once; the others come in larger slices behind it. */
const FIRST_PAGE = 60;
const NEXT_PAGES = 1_000;

export interface ListOf {
  readonly filter: UserFilter;
  readonly orderBy: UserOrder;
}

/** A part of the list. */
export interface Page {
  readonly rows: readonly UserRowFragment[];
  /** Where it begins; null: at the start of the list. */
  readonly after: string | null;
  /** Where the next one begins; null: there is none. */
  readonly end: string | null;
}

/** Reads a page. What actions change meanwhile is newer than what the server read. */
export async function readPage(
  list: ListOf,
  after: string | null,
  signal: AbortSignal,
): Promise<Page> {
  const made: Changes[] = [];
  const unsubscribe = changedUsers.subscribe((changes) => void made.push(changes));
  try {
    let pages: readonly Page[] = [await readFrom(list, after, signal)];
    for (const changes of made) pages = withChanges(pages, changes);
    return pages[0] as Page;
  } finally {
    unsubscribe();
  }
}

async function readFrom(list: ListOf, after: string | null, signal: AbortSignal): Promise<Page> {
  const first = after === null ? FIRST_PAGE : NEXT_PAGES;
  const { users } = await readOnce(UserPageDocument, { ...list, after, first }, signal);
  return {
    rows: users.edges.map(({ node }) => node),
    after,
    end: users.pageInfo.hasNextPage ? (users.pageInfo.endCursor ?? null) : null,
  };
}

/** The rows of all pages. A user who moved from one page to another between two reads is there once. */
export function rowsOf(pages: readonly Page[]): UserRowFragment[] {
  const rows = new Map<string, UserRowFragment>();
  for (const page of pages) {
    for (const row of page.rows) if (!rows.has(row.id)) rows.set(row.id, row);
  }
  return [...rows.values()];
}

/** The numbers of the pages that have rows in this range. */
export function pagesIn(pages: readonly Page[], first: number, last: number): number[] {
  let start = 0;
  return pages.flatMap(({ rows }, index) => {
    const from = start;
    start += rows.length;
    return from <= last && start > first ? [index] : [];
  });
}

/** The pages with these users as actions have left them. */
export function withChanges(pages: readonly Page[], changes: Changes): readonly Page[] {
  return pages.map((page) => {
    if (!page.rows.some(({ id }) => changes.has(id))) return page;
    const rows = page.rows.map((row) => (changes.has(row.id) ? changes.get(row.id) : row));
    return { ...page, rows: rows.filter((row) => row != null) };
  });
}
