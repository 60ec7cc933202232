import { createServer } from 'node:net';
import { type Client, createClient } from 'graphql-ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { TestApp } from '../fixtures/test-app.ts';
import { startFleet } from '../rest/support.ts';
import { connectClient, socketUrl, within } from './support.ts';

interface LogEvent {
  readonly id: string;
  readonly type: string;
}

// In docs/LIVE.md, from here
async function* follow(client: Client, after: string) {
  const query = 'subscription ($after: ID) { events(after: $after) { id type } }';
  const variables = { after };
  const request = { query, variables }; // read again whenever the client reconnects
  for (;;) {
    for await (const { data, errors } of client.iterate<{ events: LogEvent }>(request)) {
      const code = errors?.[0]?.extensions?.code;
      if (code === 'SLOW_CONSUMER') break;
      if (!data) throw new Error(String(code));
      if (Number(data.events.id) <= Number(variables.after)) continue;
      variables.after = data.events.id;
      yield data.events;
    }
  }
}
// to here

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof address === 'object' && address?.port);
}

/** As in docs/LIVE.md, but with shorter retry intervals. */
function persistentClient(app: TestApp): Client {
  const client = createClient({
    url: socketUrl(app),
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  onTestFinished(async () => client.dispose());
  return client;
}

async function idsOf(app: TestApp): Promise<number[]> {
  const { data } = await app.graphql('{ events(first: 1000) { edges { node { id } } } }');
  return data.events.edges.map(({ node }: { node: LogEvent }) => Number(node.id));
}

/** The received ids, up to this one. */
async function readUntil(
  app: TestApp,
  events: AsyncGenerator<LogEvent>,
  last: number,
): Promise<number[]> {
  const ids: number[] = [];
  while ((ids.at(-1) ?? 0) < last) {
    const { value } = await app.whilePolling(within('an event', events.next()));
    ids.push(Number(value.id));
  }
  return ids;
}

describe('the package graphql-ws', () => {
  it('runs a query, a mutation and a subscription', async () => {
    const app = await startFleet();
    const client = connectClient(app);
    const run = async (query: string) => (await client.iterate({ query }).next()).value.data;
    expect(await run('{ dashboard { totalUsers } }')).toEqual({ dashboard: { totalUsers: 2 } });
    const presence = client.iterate({ query: 'subscription { presence { user { nickname } } }' });
    const online = (nickname: string) => ({ presence: [{ user: { nickname } }] });
    expect((await presence.next()).value.data).toEqual(online('User_1'));
    expect(
      await run('mutation { updateUser(id: 2, input: { nickname: "Ada" }) { user { nickname } } }'),
    ).toEqual({ updateUser: { user: { nickname: 'Ada' } } });
    app.wireguard.interface().shakeHands(app.offline);
    expect((await app.whilePolling(within('the change', presence.next()))).value.data).toEqual(
      online('Ada'),
    );
  });

  it('continues from its cursor after a restart of the server on the same port', async () => {
    const app = await startFleet({ env: { WGQL_PORT: await freePort() } });
    const events = follow(persistentClient(app), '0');
    const seen = await readUntil(app, events, (await idsOf(app)).at(-1) ?? 0);
    const next = readUntil(app, events, (seen.at(-1) ?? 0) + 4);
    app.wireguard.interface().addPeer();
    await app.polled();
    app.wireguard.interface().addPeer();
    await app.restart();
    app.wireguard.interface().addPeer();
    await app.polled();
    await app.post('/api/users/1/update', { nickname: 'Ada' });
    seen.push(...(await next));
    expect(seen).toEqual(await idsOf(app));
  });

  it('continues from its cursor after the connection was lost', async () => {
    const app = await startFleet();
    const client = persistentClient(app);
    const events = follow(client, '0');
    const seen = await readUntil(app, events, (await idsOf(app)).at(-1) ?? 0);
    for (let round = 0; round < 3; round++) {
      client.terminate();
      await app.post('/api/users/1/update', { nickname: `Ada ${round}` });
      seen.push(...(await readUntil(app, events, (seen.at(-1) ?? 0) + 1)));
    }
    expect(seen).toEqual(await idsOf(app));
  });
});
