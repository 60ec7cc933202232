/** One page of a list, in order. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly hasNextPage: boolean;
}

/** A position in a list: the value that it is sorted by, and the id that orders equal values. */
export interface Position {
  readonly value: string | bigint;
  readonly id: number;
}

/** How many rows to read for `pageOf`. */
export function rowsFor(limit: number): number {
  return limit + 1;
}

/** The page of at most `limit` rows, of which one more was read. */
export function pageOf<T>(rows: readonly T[], limit: number): Page<T> {
  const page = rows.slice(0, limit);
  // An empty page has no last entry after which the next one could begin.
  return { rows: page, hasNextPage: page.length > 0 && rows.length > page.length };
}
