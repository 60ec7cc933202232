import * as z from 'zod';
import type { Reading } from '../../store/lists/page.ts';
import * as input from '../input.ts';
import { readCursor } from './cursor.ts';

/** One page of a cursor-paginated list. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: PageInfo;
  /** Counted only on request, because counting costs more than reading a page. */
  totalCount(): Promise<number>;
}

export interface PageInfo {
  readonly startCursor: string | null;
  readonly endCursor: string | null;
  /** Whether entries of the list follow the page. Another query is made only beyond a cursor that was given. */
  hasNextPage(): Promise<boolean>;
  hasPreviousPage(): Promise<boolean>;
}

/** One page of an offset-paginated list, with the length of the whole list. */
export interface OffsetPage<T> {
  readonly rows: readonly T[];
  readonly totalCount: number;
}

const DEFAULT_FIRST = 50;

const cursor = z
  .string()
  .transform((text, context) => {
    const read = readCursor(text);
    if (read !== null) return read;
    context.issues.push({ code: 'custom', message: 'cursor', input: text });
    return z.NEVER;
  })
  .nullish()
  .transform((value) => value ?? undefined);

/** The page arguments of a list. */
export const pageInput = {
  first: input.first.nullish().transform((value) => value ?? DEFAULT_FIRST),
  last: input.first.nullish().transform((value) => value ?? undefined),
  after: cursor,
  before: cursor,
};

/** The cursors of logs are ids. */
const logCursor = input.cursor.nullish().transform((value) => value ?? undefined);

/** The page arguments of a log. */
export const logPageInput = {
  ...pageInput,
  after: logCursor,
  before: logCursor,
  newestFirst: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
};

/** The page arguments of the REST paths. */
export const offsetInput = {
  limit: z.int(),
  offset: z.int(),
};

export interface OffsetRange {
  readonly limit: number;
  readonly offset: number;
}

/** What a list is asked for: with `last`, its last entries, and `first` is ignored. */
export interface PageArguments<Place> {
  readonly first: number;
  readonly last: number | undefined;
  readonly after: Place | undefined;
  readonly before: Place | undefined;
}

export interface List<T, Place> {
  readonly read: (reading: Reading<Place>) => Promise<readonly T[]>;
  readonly placeOf: (row: T) => Place;
  readonly cursorOf: (row: T) => string;
  readonly count: () => Promise<number>;
}

/** Reads a page of a list. */
export async function pageOf<T, Place>(
  { read, placeOf, cursorOf, count }: List<T, Place>,
  { first, last, after, before }: PageArguments<Place>,
): Promise<Connection<T>> {
  const fromEnd = last !== undefined;
  const limit = last ?? first;
  // One more than wanted, to know whether there is one.
  const found = await read({ limit: limit + 1, after, before, fromEnd });
  const rows = fromEnd ? found.slice(0, limit).reverse() : found.slice(0, limit);
  const [start, end] = [rows[0], rows.at(-1)];
  const hasMore = found.length > limit;
  const exists = async (reading: Omit<Reading<Place>, 'limit'>) =>
    (await read({ ...reading, limit: 1 })).length > 0;
  const edges = rows.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      // An empty page has no cursor from which the list could continue.
      hasNextPage: once(async () => {
        if (end === undefined) return false;
        if (!fromEnd && hasMore) return true;
        return before !== undefined && exists({ after: placeOf(end) });
      }),
      hasPreviousPage: once(async () => {
        if (start === undefined) return false;
        if (fromEnd && hasMore) return true;
        return after !== undefined && exists({ before: placeOf(start), fromEnd: true });
      }),
    },
    totalCount: once(count),
  };
}

/** Computes a value at most once, however many aliases select it. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let computed: Promise<T> | null = null;
  return () => {
    computed ??= compute();
    return computed;
  };
}

/** The list of a log, whose cursors are ids. `newestFirst` reverses it. */
export function logList<T extends { readonly id: number }>(
  { read, count }: Pick<List<T, number>, 'read' | 'count'>,
  newestFirst: boolean,
): List<T, number> {
  return {
    read: ({ limit, after, before, fromEnd }) =>
      newestFirst
        ? read({ limit, after: before, before: after, fromEnd: !fromEnd })
        : read({ limit, after, before, fromEnd: fromEnd === true }),
    placeOf: ({ id }) => id,
    cursorOf: ({ id }) => String(id),
    count,
  };
}
