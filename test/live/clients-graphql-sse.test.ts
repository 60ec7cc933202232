import { type Client, createClient } from 'graphql-sse';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TestApp } from '../fixtures/test-app.ts';
import { startFleet } from '../rest/support.ts';
import { within } from './support.ts';

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

// In docs/LIVE.md, from here
async function* readStream(url: string, query: string, variables: object) {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: 'POST', headers, body });
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const messages = (text + chunk).split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      if (message.startsWith('event: complete')) return;
      const [, json] = message.match(/^data: (.+)$/m) ?? [];
      if (json) yield JSON.parse(json);
    }
  }
}
// to here

function sseClient(app: TestApp): Client {
  const client = createClient({
    url: `${app.url}/graphql`,
    retryAttempts: 100,
    retry: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  onTestFinished(() => client.dispose());
  return client;
}

async function idsOf(app: TestApp): Promise<string[]> {
  const { data } = await app.graphql('{ events(first: 1000) { edges { node { id } } } }');
  return data.events.edges.map(({ node }: { node: LogEvent }) => node.id);
}

describe('the package graphql-sse', () => {
  it('runs a query, a mutation and a subscription', async () => {
    const app = await startFleet();
    const client = sseClient(app);
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

  it('reads the log from a cursor, across a restart of the server', async () => {
    const app = await startFleet();
    const { port } = new URL(app.url);
    const events: AsyncGenerator<LogEvent> = follow(sseClient(app), '0');
    const seen: string[] = [];
    const read = async (count: number) => {
      while (seen.length < count)
        seen.push((await app.whilePolling(within('an event', events.next()))).value.id);
    };
    const before = (await idsOf(app)).length;
    await read(before);
    app.wireguard.interface().addPeer();
    const more = read(before + 2);
    await app.restart({ WGQL_PORT: port });
    app.wireguard.interface().addPeer();
    await more;
    expect(seen).toEqual(await idsOf(app));
  });
});

describe('fetch alone', () => {
  it('reads a stream of server-sent events', async () => {
    const app = await startFleet();
    const query = 'subscription ($after: ID) { events(after: $after) { id type } }';
    const stream = readStream(`${app.url}/graphql`, query, { after: '0' });
    for (const id of await idsOf(app)) {
      expect((await app.whilePolling(within('an event', stream.next()))).value.data.events.id).toBe(
        id,
      );
    }
    await app.post('/api/users/1/update', { nickname: 'Ada' });
    const { value } = await app.whilePolling(within('an event', stream.next()));
    expect(value.data.events.type).toBe('USER_UPDATED');
    await stream.return();
  });
});
