import { z } from 'zod';
import type { Page } from '../store/lists/page.ts';
import { readCursor } from './cursor.ts';
import * as input from './input.ts';

/** One page of a list, as clients page through it. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  /** Counted only where it is asked for, since it costs more than a page. */
  totalCount(): Promise<number>;
}

/** A part of a list by numbers, with how many the list has. */
export interface Stretch<T> {
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

/** How the REST paths page. */
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
    // Once, however many aliases ask for it.
    totalCount: () => {
      counted ??= totalCount();
      return counted;
    },
  };
}

/** The cursor of a log's entry. */
export function logCursor({ id }: { readonly id: number }): string {
  return String(id);
}
