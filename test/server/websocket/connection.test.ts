import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestApp } from '../../fixtures/test-app.ts';
import {
  connectClient,
  DASHBOARD,
  openSocket,
  PRESENCE,
  socketUrl,
  watch,
  watchEvents,
  within,
} from '../../live/support.ts';
import { send, startFleet } from '../../rest/support.ts';

const TOKEN = 'a-token-of-more-than-thirty-two-characters';
const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

interface ErrorMessage {
  readonly extensions: { readonly code: string };
}

/** A program with one socket, and the first results of the given subscriptions, by their ids. */
async function startSubscribed(subscriptions: Record<string, string>) {
  const app = await startFleet();
  const one = await openSocket(socketUrl(app));
  for (const [id, query] of Object.entries(subscriptions)) one.send(subscribe(id, query));
  for (const id of Object.keys(subscriptions)) await one.received('next', id);
  const resultsOf = (id: string) =>
    one.messages.filter((message) => message.type === 'next' && message.id === id).length;
  return { app, one, resultsOf };
}

describe('one WebSocket', () => {
  it('carries several subscriptions, queries and mutations side by side', async () => {
    const { app, one, resultsOf } = await startSubscribed({ p: PRESENCE, d: DASHBOARD });
    one.send(subscribe('q', '{ dashboard { totalUsers } }'));
    expect((await one.received('next', 'q')).payload).toEqual({
      data: { dashboard: { totalUsers: 2 } },
    });
    await one.received('complete', 'q');
    one.send(subscribe('m', 'mutation { resetTraffic(id: 9) { user { id } } }'));
    const { payload } = await one.received('next', 'm');
    expect((payload as { errors: ErrorMessage[] }).errors[0]?.extensions.code).toBe('NOT_FOUND');
    app.wireguard.interface().shakeHands(app.offline);
    await app.polled();
    await app.eventually('both results', async () => resultsOf('p') === 2 && resultsOf('d') === 2);
  });

  it('stays open after an invalid operation, and each error is INVALID_ARGUMENT', async () => {
    const { app, one, resultsOf } = await startSubscribed({ live: DASHBOARD });
    const mistakes = [
      'subscription {',
      'subscription { nothing }',
      'query A { status { demo } } query B { status { demo } }',
      '{ user(id: 1) { id { x } } }',
      `{ ${'status { demo } '.repeat(2_000)} }`,
    ];
    for (const [index, query] of mistakes.entries()) {
      one.send(subscribe(String(index), query));
      const { payload } = await one.received('error', String(index));
      const [first] = payload as ErrorMessage[];
      expect(first?.extensions.code, query.slice(0, 40)).toBe('INVALID_ARGUMENT');
    }
    app.online.rxBytes += 3n;
    await app.polled();
    await app.eventually('the next result', async () => resultsOf('live') === 2);
  });

  it('sends no results of a subscription that was ended, while the other continues', async () => {
    const { app, one, resultsOf } = await startSubscribed({ a: DASHBOARD, b: DASHBOARD });
    one.send({ id: 'a', type: 'complete' });
    // Messages are read in order: once this is answered, the preceding `complete` has been read.
    one.send({ type: 'ping' });
    await one.received('pong');
    app.online.rxBytes += 3n;
    await app.polled();
    await app.eventually('the result of the other one', async () => resultsOf('b') === 2);
    expect(resultsOf('a')).toBe(1);
  });

  it('is closed for a message above 64 KB, without effect on other sockets', async () => {
    const { app, resultsOf } = await startSubscribed({ d: DASHBOARD });
    const greedy = await openSocket(socketUrl(app));
    const padded = (bytes: number) => {
      const message = (padding: string) => subscribe('q', `{ status { demo } } # ${padding}`);
      return message('x'.repeat(bytes - JSON.stringify(message('')).length));
    };
    greedy.send(padded(64 * 1024));
    await greedy.received('next', 'q');
    greedy.send(padded(64 * 1024 + 1));
    expect(await within('the close', greedy.closed)).toBe(1009);
    app.online.rxBytes += 3n;
    await app.polled();
    await app.eventually('the next result', async () => resultsOf('d') === 2);
    expect((await app.rest('/api/status')).status).toBe(200);
  });

  it('is closed when it violates the protocol, and the program continues to run', async () => {
    const app = await startFleet();
    for (const [text, code] of [
      ['{', 4400],
      ['[]', 4400],
      ['{"type":"subscribe","id":"1","payload":{"query":5}}', 4400],
      ['{"type":"connection_init"}', 4429],
    ] as const) {
      const one = await openSocket(socketUrl(app));
      one.socket.send(text);
      expect(await within('the close', one.closed), text).toBe(code);
    }
    const early = new WebSocket(socketUrl(app), 'graphql-transport-ws');
    await once(early, 'open');
    early.send(JSON.stringify(subscribe('1', DASHBOARD)));
    const [code] = await once(early, 'close');
    expect(code).toBe(4401);
    expect((await app.rest('/api/status')).status).toBe(200);
  });

  it('is rejected on another path, and with a Host that is not configured', async () => {
    const app = await startFleet();
    for (const [path, headers, status] of [
      ['/elsewhere', {}, 404],
      ['/graphql', { host: 'evil.example' }, 403],
    ] as const) {
      const socket = new WebSocket(
        `${app.url.replace('http', 'ws')}${path}`,
        'graphql-transport-ws',
        { headers },
      );
      const [error] = await within('the refusal', once(socket, 'error'));
      expect(String(error)).toContain(`${status}`);
    }
    expect((await send(app, { path: '/api/status' })).status).toBe(200);
  });
});

describe('a WebSocket with WGQL_TOKEN', () => {
  it('is open only to clients that send the token in connection_init', async () => {
    const app = await startTestApp({ env: { WGQL_TOKEN: TOKEN } });
    const feed = watch(connectClient(app, { Authorization: `Bearer ${TOKEN}` }), DASHBOARD);
    expect(await feed.next()).toMatchObject({ totalUsers: 0 });
    for (const params of [undefined, {}, { Authorization: 'Bearer wrong' }, { Authorization: 5 }]) {
      const stream = connectClient(app, params).iterate({ query: DASHBOARD });
      await expect(stream.next()).rejects.toMatchObject({ code: 4401 });
    }
  });
});

describe('a stop of the program', () => {
  it('completes every subscription, then closes the sockets with 1001', async () => {
    const { app, one } = await startSubscribed({ p: PRESENCE, d: DASHBOARD });
    const idle = await openSocket(socketUrl(app));
    await app.app.stop();
    expect(await within('the close', one.closed)).toBe(1001);
    expect(await within('the close', idle.closed)).toBe(1001);
    const completed = one.messages.filter(({ type }) => type === 'complete').map(({ id }) => id);
    expect(completed.sort()).toEqual(['d', 'p']);
  });

  it('completes streams of server-sent events', async () => {
    const app = await startFleet();
    const feed = await watchEvents(app, DASHBOARD);
    await feed.next();
    const started = performance.now();
    await app.app.stop();
    await feed.completed();
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
