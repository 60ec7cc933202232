import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestApp } from '../../fixtures/test-app.ts';
import { waitFor } from '../../fixtures/tunnel.ts';
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

describe('one WebSocket', () => {
  it('carries several subscriptions, queries and mutations side by side', async () => {
    const app = await startFleet();
    const one = await openSocket(socketUrl(app));
    one.send(subscribe('p', PRESENCE));
    one.send(subscribe('d', DASHBOARD));
    await one.received('next', 'p');
    await one.received('next', 'd');
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
    const count = (id: string) =>
      one.messages.filter((message) => message.type === 'next' && message.id === id).length;
    await waitFor('both results', async () => count('p') === 2 && count('d') === 2);
  });

  it('stays open after an invalid operation, and each error is INVALID_ARGUMENT', async () => {
    const app = await startFleet();
    const one = await openSocket(socketUrl(app));
    one.send(subscribe('live', DASHBOARD));
    await one.received('next', 'live');
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
    await waitFor(
      'the next result',
      async () =>
        one.messages.filter(({ id, type }) => id === 'live' && type === 'next').length === 2,
    );
  });

  it('sends no results of a subscription that was ended, while the other continues', async () => {
    const app = await startFleet();
    const one = await openSocket(socketUrl(app));
    one.send(subscribe('a', DASHBOARD));
    one.send(subscribe('b', DASHBOARD));
    await one.received('next', 'a');
    await one.received('next', 'b');
    one.send({ id: 'a', type: 'complete' });
    // Messages are read in order: once this is answered, the preceding `complete` has been read.
    one.send({ type: 'ping' });
    await one.received('pong');
    app.online.rxBytes += 3n;
    await app.polled();
    const count = (id: string) =>
      one.messages.filter((message) => message.type === 'next' && message.id === id).length;
    await waitFor('the result of the other one', async () => count('b') === 2);
    expect(count('a')).toBe(1);
  });

  it('is closed for a message above 64 KB, without effect on other sockets', async () => {
    const app = await startFleet();
    const [greedy, other] = [await openSocket(socketUrl(app)), await openSocket(socketUrl(app))];
    other.send(subscribe('d', DASHBOARD));
    await other.received('next', 'd');
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
    await waitFor(
      'the next result',
      async () => other.messages.filter(({ type }) => type === 'next').length === 2,
    );
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
    const app = await startFleet();
    const one = await openSocket(socketUrl(app));
    one.send(subscribe('p', PRESENCE));
    one.send(subscribe('d', DASHBOARD));
    await one.received('next', 'p');
    await one.received('next', 'd');
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
