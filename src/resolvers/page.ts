import { z } from 'zod';
import type { Page } from '../store/records.ts';
import * as input from './input.ts';

/** One page of a list, as clients page through it. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
}

const DEFAULT_FIRST = 50;

/** `first` and `after`, of every list. A cursor is the id of the row it stands for. */
export const pageInput = {
  first: input.first.nullish().transform((value) => value ?? DEFAULT_FIRST),
  after: input.cursor.nullish().transform((value) => value ?? undefined),
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

export function connectionOf<T extends { readonly id: number }>(page: Page<T>): Connection<T> {
  const edges = page.rows.map((node) => ({ cursor: String(node.id), node }));
  return {
    edges,
    pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount: page.totalCount,
  };
}
