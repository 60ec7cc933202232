import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startFleet } from '../rest/support.ts';

// In docs/LIVE.md, from here
function apolloClient(url: string): ApolloClient {
  const socket = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
  });
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url }),
  );
  return new ApolloClient({ link, cache: new InMemoryCache() });
}
// to here

interface Presence {
  readonly presence: readonly { readonly user: { readonly nickname: string } }[];
}

describe('Apollo Client', () => {
  it('runs a query, a mutation and a subscription', async () => {
    const app = await startFleet();
    const client = apolloClient(`${app.url}/graphql`);
    onTestFinished(() => client.stop());
    const { data } = await client.query({ query: gql`{ dashboard { totalUsers } }` });
    expect(data).toMatchObject({ dashboard: { totalUsers: 2 } });
    const told: string[] = [];
    const subscription = client
      .subscribe<Presence>({ query: gql`subscription { presence { user { id nickname } } }` })
      .subscribe(({ data }) =>
        told.push(...(data?.presence ?? []).map(({ user }) => user.nickname)),
      );
    onTestFinished(() => subscription.unsubscribe());
    await app.eventually('the snapshot', async () => told.length === 1);
    const renamed = await client.mutate({
      mutation: gql`mutation ($id: ID!, $input: UpdateUserInput!) {
        updateUser(id: $id, input: $input) { user { id nickname } } }`,
      variables: { id: '2', input: { nickname: 'Ada' } },
    });
    expect(renamed.data).toMatchObject({ updateUser: { user: { nickname: 'Ada' } } });
    app.wireguard.interface().shakeHands(app.offline);
    await app.eventually('the change', async () => told.length === 2);
    expect(told).toEqual(['User_1', 'Ada']);
  });

  it('passes on the code of an error', async () => {
    const app = await startFleet();
    const client = apolloClient(`${app.url}/graphql`);
    onTestFinished(() => client.stop());
    const query = gql`{ user(id: "x") { id } }`;
    await expect(client.query({ query })).rejects.toMatchObject({
      errors: [{ extensions: { code: 'INVALID_ARGUMENT' } }],
    });
  });
});
