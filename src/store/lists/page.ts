/** A position in a list: the value that it is sorted by, and the id that orders equal values. */
export interface Position {
  readonly value: string | bigint;
  readonly id: number;
}

/** Which rows of a list to read. */
export interface Reading<Place> {
  readonly limit: number;
  /** Only rows after this place in the list. */
  readonly after?: Place | undefined;
  /** Only rows before this place in the list. */
  readonly before?: Place | undefined;
  /** true: rows are read, and returned, from the end of the list to its start. */
  readonly fromEnd?: boolean;
}

/** The rows of a sorted list that a reading asks for. `compare` is how a row is placed relative to a place. */
export function readFrom<T, Place>(
  rows: readonly T[],
  { limit, after, before, fromEnd = false }: Reading<Place>,
  compare: (row: T, place: Place) => number,
): T[] {
  const begin = after === undefined ? 0 : firstIndex(rows, (row) => compare(row, after) > 0);
  const end =
    before === undefined ? rows.length : firstIndex(rows, (row) => compare(row, before) >= 0);
  return fromEnd
    ? rows.slice(Math.max(begin, end - limit), Math.max(begin, end)).reverse()
    : rows.slice(begin, Math.min(end, begin + limit));
}

/** The index of the first row for which `holds`, which holds for all rows after it; the length if there is none. */
function firstIndex<T>(rows: readonly T[], holds: (row: T) => boolean): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(rows[middle] as T)) to = middle;
    else from = middle + 1;
  }
  return from;
}
