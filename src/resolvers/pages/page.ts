import * as z from 'zod';
import type { Page } from '../../store/lists/page.ts';
import * as input from '../input.ts';
import { readCursor } from './cursor.ts';

/** One page of a cursor-paginated list. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  /** Counted only on request, because counting costs more than reading a page. */
  totalCount(): Promise<number>;
}

/** One page of an offset-paginated list, with the length of the whole list. */
export interface OffsetPage<T> {
  readonly rows: readonly T[];
  readonly totalCount: number;
}

const DEFAULT_FIRST = 50;

const first = input.first.nullish().transform((value) => value ?? DEFAULT_FIRST);

const cursor = z.string().transform((text, context) => {
  const read = readCursor(text);
  if (read !== null) return read;
  context.issues.push({ code: 'custom', message: 'cursor', input: text });
  return z.NEVER;
});

/** `first` and `after` of a list. */
export const pageInput = {
  first,
  after: cursor.nullish().transform((value) => value ?? undefined),
};

/** `first` and `after` of a log, whose cursors are ids. */
export const logPageInput = {
  first,
  after: input.cursor.nullish().transform((value) => value ?? 0),
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

export function connectionOf<T>(
  { rows, hasNextPage }: Page<T>,
  cursorOf: (row: T) => string,
  totalCount: () => Promise<number>,
): Connection<T> {
  const edges = rows.map((node) => ({ cursor: cursorOf(node), node }));
  let counted: Promise<number> | null = null;
  return {
    edges,
    pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
    // Counted once, however many aliases select it.
    totalCount: () => {
      counted ??= totalCount();
      return counted;
    },
  };
}

/** The cursor of a log entry. */
export function logCursor({ id }: { readonly id: number }): string {
  return String(id);
}
