import { Client, fetchExchange, type OperationResult, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { TestApp } from '../fixtures/test-app.ts';
import { startFleet } from '../rest/support.ts';

// In docs/LIVE.md, from here
function urqlClient(url: string): Client {
  const socket = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
  });
  const overSocket = subscriptionExchange({
    forwardSubscription: ({ query = '', variables }) => ({
      subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
    }),
  });
  return new Client({ url, exchanges: [fetchExchange, overSocket] });
}
// to here

const overSse = (url: string) =>
  new Client({ url, exchanges: [fetchExchange], fetchSubscriptions: true });

interface Presence {
  readonly presence: readonly { readonly user: { readonly nickname: string } }[];
}

describe.each([
  ['a WebSocket', (app: TestApp) => urqlClient(`${app.url}/graphql`)],
  ['server-sent events', (app: TestApp) => overSse(`${app.url}/graphql`)],
])('urql over %s', (_, create) => {
  it('runs a query, a mutation and a subscription', async () => {
    const app = await startFleet();
    const client = create(app);
    const dataOf = ({ data, error }: OperationResult) => error ?? data;
    expect(dataOf(await client.query('{ dashboard { totalUsers } }', {}))).toEqual({
      dashboard: { totalUsers: 2 },
    });
    const told: string[] = [];
    const subscription = client
      .subscription<Presence>('subscription { presence { user { nickname } } }', {})
      .subscribe(({ data }) =>
        told.push(...(data?.presence ?? []).map(({ user }) => user.nickname)),
      );
    onTestFinished(() => subscription.unsubscribe());
    await app.eventually('the snapshot', async () => told.length === 1);
    const rename =
      'mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { user { nickname } } }';
    expect(dataOf(await client.mutation(rename, { id: '2', input: { nickname: 'Ada' } }))).toEqual({
      updateUser: { user: { nickname: 'Ada' } },
    });
    app.wireguard.interface().shakeHands(app.offline);
    await app.eventually('the change', async () => told.length === 2);
    expect(told).toEqual(['User_1', 'Ada']);
  });

  it('passes on the code of an error', async () => {
    const app = await startFleet();
    const { error } = await create(app).query('{ user(id: "x") { id } }', {});
    expect(error?.graphQLErrors[0]?.extensions.code).toBe('INVALID_ARGUMENT');
    const refused = await create(app)
      .subscription('subscription { events(after: "999") { id } }', {})
      .toPromise();
    expect(refused.error?.graphQLErrors[0]?.extensions.code).toBe('CURSOR_EXPIRED');
  });
});
