import { type DocumentDecoration, initGraphQLTada } from 'gql.tada';
import { print } from 'graphql';
import type { introspection } from './generated/graphql-env.d.ts';

// In docs/CLIENTS.md, from here
export const graphql = initGraphQLTada<{
  introspection: introspection;
  // Byte counts and times are texts: BigInt(text) and new Date(text) read them without loss.
  scalars: { BigInt: string; DateTime: string };
}>();
// to here

const Users = graphql(`
  query Users($filter: UserFilter) {
    users(first: 2, filter: $filter) {
      edges { node { id totalRx lastSeenAt enforcement { applied } } }
    }
  }
`);

export interface Answer {
  readonly id: string;
  readonly totalRx: bigint;
  readonly wasSeen: boolean;
}

/** Sends a document with the types of its result and its variables. */
async function run<Result, Variables>(
  url: string,
  document: DocumentDecoration<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document as never), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Result; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

export async function onlineUsers(url: string): Promise<Answer[]> {
  const { users } = await run(url, Users, { filter: { online: true } });
  return users.edges.map(({ node }) => ({
    id: node.id,
    totalRx: BigInt(node.totalRx),
    wasSeen: node.lastSeenAt !== null,
  }));
}

export async function mistakes(url: string): Promise<void> {
  // @ts-expect-error There is no such filter.
  await run(url, Users, { filter: { connected: true } });
  const { users } = await run(url, Users, {});
  for (const { node } of users.edges) {
    // @ts-expect-error It is a text, which has no loss.
    node.totalRx satisfies number;
    // @ts-expect-error There is no such state.
    if (node.enforcement.applied === 'GONE') return;
    // @ts-expect-error The document does not select it.
    node.nickname satisfies string;
    // @ts-expect-error A user who was never seen has none.
    node.lastSeenAt satisfies string;
  }
}
