import { createClient } from 'graphql-ws';
import {
  commitMutation,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Fleet, startFleet } from '../../rest/support.ts';
import users from './generated/Fleet_users.graphql.ts';
import nodeQuery from './generated/FleetNodeQuery.graphql.ts';
import pageQuery from './generated/FleetPageQuery.graphql.ts';
import presence from './generated/FleetPresenceSubscription.graphql.ts';
import query from './generated/FleetQuery.graphql.ts';
import rename from './generated/FleetRenameMutation.graphql.ts';

interface Request {
  readonly text: string;
}

function connect(app: Fleet) {
  const url = `${app.url}/graphql`;
  const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
  onTestFinished(() => void socket.dispose());
  // In docs/CLIENTS.md, from here
  const send = async ({ text }: Request, variables: Record<string, unknown>) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  };
  const environment = new Environment({
    network: Network.create(send, ({ text }: Request, variables: Record<string, unknown>) =>
      Observable.create((sink: never) => socket.subscribe({ query: text, variables }, sink)),
    ),
    store: new Store(new RecordSource()),
    // `id` is unique among the objects of one type only.
    getDataID: ({ nodeId }: { nodeId?: string }) => nodeId,
  });
  // to here
  return environment;
}

type RelayEnvironment = ReturnType<typeof connect>;

/** What the store has for a query; it is not fetched. */
function stored(environment: RelayEnvironment) {
  const { data } = environment.lookup(createOperationDescriptor(query, {}).fragment);
  const { data: page } = environment.lookup(getSingularSelector(users, data));
  return { ...data, users: page.users };
}

const idsIn = (list: { readonly edges: readonly { readonly node: { readonly id: string } }[] }) =>
  list.edges.map(({ node }) => node.id);

async function loaded(app: Fleet): Promise<RelayEnvironment> {
  const environment = connect(app);
  // Otherwise the store would forget what no component shows.
  const operation = createOperationDescriptor(query, {});
  const { dispose } = environment.retain(operation);
  onTestFinished(dispose);
  await fetchQuery(environment, query, {}).toPromise();
  return environment;
}

describe('Relay', () => {
  it('keeps objects of different types with the same id apart', async () => {
    const environment = await loaded(await startFleet());
    const { users: page, sessions, events, status } = stored(environment);
    expect([idsIn(page)[0], idsIn(sessions)[0], idsIn(events)[0]]).toEqual(['1', '1', '1']);
    expect(page.edges[0].node).toMatchObject({ nickname: 'User_1' });
    expect(sessions.edges[0].node).toMatchObject({ user: { nickname: 'User_1' } });
    expect(events.edges[0].node).toMatchObject({ type: 'INTERFACE_UP' });
    expect(status.interfaces).toEqual([{ id: 'wg0', name: 'wg0', peerCount: 2 }]);
  });

  it('gathers the pages of a connection', async () => {
    const environment = await loaded(await startFleet());
    const { pageInfo } = stored(environment).users;
    expect(pageInfo).toMatchObject({ hasNextPage: true });
    const variables = { count: 1, cursor: pageInfo.endCursor };
    await fetchQuery(environment, pageQuery, variables).toPromise();
    const { users: both } = stored(environment);
    expect(idsIn(both)).toEqual(['1', '2']);
    expect(both.pageInfo).toMatchObject({ hasNextPage: false });
  });

  it('shows what a mutation, a subscription and a refetched node change', async () => {
    const app = await startFleet();
    const environment = await loaded(app);
    const nickname = () => stored(environment).users.edges[0].node.nickname;
    await new Promise((onCompleted, onError) => {
      const variables = { id: '1', input: { nickname: 'Ada' } };
      commitMutation(environment, { mutation: rename, variables, onCompleted, onError });
    });
    expect(nickname()).toBe('Ada');
    await app.graphql('mutation { updateUser(id: 1, input: { nickname: "Bo" }) { user { id } } }');
    const { data } = await app.graphql('{ user(by: { id: 1 }) { nodeId } }');
    await fetchQuery(environment, nodeQuery, { id: data.user.nodeId }).toPromise();
    expect(nickname()).toBe('Bo');
    const online = new Promise<unknown>((onNext, onError) => {
      const config = { subscription: presence, variables: {}, onNext, onError };
      const { dispose } = requestSubscription(environment, config);
      onTestFinished(dispose);
    });
    expect(await app.whilePolling(online)).toMatchObject({
      presence: [{ user: { isOnline: true } }],
    });
  });
});
