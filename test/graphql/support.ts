import { expect } from 'vitest';
import type { GraphQLAnswer, TestApp } from '../fixtures/test-app.ts';

/** The error codes that a client may receive. */
export const CODES = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'CONFLICT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
  'INTERNAL',
  'UNAVAILABLE',
];

/** Returns the first error of a response, which must have this code and name these fields. */
export function expectError(
  answer: GraphQLAnswer,
  code: string,
  fields: readonly string[] = [],
): NonNullable<GraphQLAnswer['errors']>[number] {
  const [error] = answer.errors ?? [];
  expect(error?.extensions.code, JSON.stringify(answer)).toBe(code);
  const named = (error?.extensions.fields ?? []).map(({ field }) => field);
  expect(named).toEqual(fields);
  if (error === undefined) throw new Error('There is no error.');
  return error;
}

export interface PageOf<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
}

/** Reads a whole list page by page by its cursors; `field` renders the list field with the given arguments. */
export async function readAll<Node>(
  app: TestApp,
  field: (pageArgs: string) => string,
  first: number,
): Promise<{ readonly nodes: Node[]; readonly pages: number; readonly totalCount: number }> {
  const nodes: Node[] = [];
  let after: string | null = null;
  for (let pages = 1; ; pages++) {
    const query = `{ page: ${field(`first: ${first}, after: ${JSON.stringify(after)}`)} }`;
    const { data, errors } = await app.graphql(query);
    expect(errors).toBeUndefined();
    const page = data.page as PageOf<Node>;
    nodes.push(...page.edges.map(({ node }) => node));
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
    if (!page.pageInfo.hasNextPage) return { nodes, pages, totalCount: page.totalCount };
    expect(page.edges).toHaveLength(first);
    after = page.pageInfo.endCursor;
  }
}
