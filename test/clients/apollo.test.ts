import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { expect, it, onTestFinished } from 'vitest';
import { startFleet } from '../rest/support.ts';

// In docs/CLIENTS.md, from here
const cache = () =>
  new InMemoryCache({
    typePolicies: {
      Query: {
        fields: {
          users: relayStylePagination(['filter', 'orderBy']),
          sessions: relayStylePagination(['filter']),
          events: relayStylePagination(['filter', 'newestFirst']),
        },
      },
      // Its id is that of the user.
      UserResult: { keyFields: false },
    },
  });
// to here

const USERS = gql`
  query Users($after: String) {
    users(first: 1, after: $after) {
      edges { cursor node { id nickname } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

interface Users {
  readonly users: {
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly nickname: string };
    }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  };
}

it('Apollo Client with relayStylePagination gathers pages and shows what a mutation changes', async () => {
  const app = await startFleet();
  const client = new ApolloClient({
    link: new HttpLink({ uri: `${app.url}/graphql` }),
    cache: cache(),
  });
  onTestFinished(() => client.stop());
  const watched = client.watchQuery<Users>({ query: USERS });
  const subscription = watched.subscribe({});
  onTestFinished(() => subscription.unsubscribe());
  await app.eventually('the first page', async () => watched.getCurrentResult().data !== undefined);
  const shown = () => (watched.getCurrentResult().data as Users).users;
  await watched.fetchMore({ variables: { after: shown().pageInfo.endCursor } });
  await app.eventually('both pages', async () => shown().edges.length === 2);
  expect(shown().edges.map(({ node }) => node.id)).toEqual(['1', '2']);
  expect(shown().pageInfo.hasNextPage).toBe(false);
  await client.mutate({
    mutation: gql`mutation { updateUsers(ids: [1], input: { nickname: "Ada" }) { results { id user { id nickname } } } }`,
  });
  await app.eventually('the change', async () => shown().edges[0]?.node.nickname === 'Ada');
});
