import { describe, expect, it, onTestFinished } from 'vitest';
import type { TestApp } from '../fixtures/test-app.ts';
import { startFleet } from '../rest/support.ts';

interface Message {
  readonly id: string | null;
  readonly data: {
    readonly data: { readonly [name: string]: { readonly [name: string]: string } };
  };
}

/** Subscribes as an EventSource of a browser does, and yields the messages as it parses them. */
async function eventSource(
  app: TestApp,
  query: string,
  headers: Record<string, string> = {},
): Promise<AsyncGenerator<Message, void, void>> {
  const aborting = new AbortController();
  onTestFinished(() => aborting.abort());
  const response = await fetch(`${app.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: aborting.signal,
  });
  expect(response.status).toBe(200);
  return messagesOf(response);
}

async function* messagesOf({ body }: Response): AsyncGenerator<Message, void, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
      const field = (wanted: string) => lines.find(([, name]) => name === wanted)?.[2] ?? null;
      const data = field('data');
      if (data) yield { id: field('id'), data: JSON.parse(data) };
    }
  }
}

async function next(messages: AsyncGenerator<Message, void, void>): Promise<Message> {
  const { value, done } = await messages.next();
  if (done) throw new Error('The stream has ended.');
  return value;
}

const rename = (app: TestApp, nickname: string) =>
  app.graphql(
    'mutation ($nickname: String!) { updateUser(id: 1, input: { nickname: $nickname }) { user { id } } }',
    { nickname },
  );

describe('messages of an event stream', () => {
  it('carry the ids of their events, and the last one resumes the stream', async () => {
    const app = await startFleet();
    const query = 'subscription { events(after: "0") { id type } }';
    const stream = await eventSource(app, query);
    const first = await next(stream);
    const second = await next(stream);
    expect([first.id, second.id]).toEqual(['1', '2']);
    expect(first.data.data.events?.id).toBe('1');
    // What happens while the client is away is not lost, although its query starts from the beginning.
    await rename(app, 'x');
    const again = await eventSource(app, query, { 'last-event-id': second.id ?? '' });
    expect((await next(again)).id).toBe('3');
  });

  it('carry the ids under other names, and when many clients share a subscription', async () => {
    const app = await startFleet();
    const query = 'subscription { e: events { number: id } }';
    const streams = [await eventSource(app, query), await eventSource(app, query)];
    // Both have begun once a query behind them is answered.
    await app.graphql('{ status { demo } }');
    await rename(app, 'x');
    const messages = await Promise.all(streams.map(next));
    const [id] = messages.map((message) => message.id);
    expect(id).toMatch(/^\d+$/);
    expect(messages).toEqual(messages.map(() => ({ id, data: { data: { e: { number: id } } } })));
    await rename(app, 'y');
    const resumed = await eventSource(app, query, { 'last-event-id': id ?? '' });
    expect((await next(resumed)).id).toBe(String(Number(id) + 1));
  });

  it('carry the ids that are selected in fragments', async () => {
    const app = await startFleet();
    for (const query of [
      'subscription { events(after: "1") { ...E } } fragment E on Event { ...I type } fragment I on Event { id }',
      'subscription { ... on Subscription { events(after: "1") { ... on Event { id } } } }',
    ]) {
      expect((await next(await eventSource(app, query))).id).toBe('2');
    }
  });

  it('have no ids without events of the log', async () => {
    const app = await startFleet();
    for (const query of [
      'subscription { events(after: "0") { type } }',
      'subscription { status { demo } }',
    ]) {
      expect((await next(await eventSource(app, query))).id).toBeNull();
    }
  });

  it('ignore what is no id of an event', async () => {
    const app = await startFleet();
    const query = 'subscription { events(after: "1") { id } }';
    for (const id of ['x', '-1', '1.5', '9'.repeat(20)]) {
      expect((await next(await eventSource(app, query, { 'last-event-id': id }))).id).toBe('2');
    }
  });
});
