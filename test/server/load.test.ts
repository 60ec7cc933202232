import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { openSocket, socketUrl, within } from '../live/support.ts';

const PEERS = 1_000;

/** Twice as many as the buffers of one connection hold answers. */
const QUERIES = 60;

const asked = vi.hoisted(() => ({ pages: 0, lists: 0 }));

// The number of large responses computed so far.
vi.mock('../../src/resolvers/user/queries.ts', async (original) => {
  const real = await original<typeof import('../../src/resolvers/user/queries.ts')>();
  const users: typeof real.users = Object.assign(
    (...args: Parameters<typeof real.users>) => {
      asked.pages++;
      return real.users(...args);
    },
    { role: real.users.role, problems: real.users.problems },
  );
  const listUsers: typeof real.listUsers = Object.assign(
    (...args: Parameters<typeof real.listUsers>) => {
      asked.lists++;
      return real.listUsers(...args);
    },
    { role: real.listUsers.role, problems: real.listUsers.problems },
  );
  return { ...real, users, listUsers };
});

async function startLarge(): Promise<TestApp> {
  const app = await startTestApp({
    prepare: (wireguard) => {
      const wg0 = wireguard.interface();
      for (let i = 0; i < PEERS; i++) wg0.addPeer();
    },
  });
  await app.polled();
  Object.assign(asked, { pages: 0, lists: 0 });
  return app;
}

const LARGE = `{ users(first: ${PEERS}) { edges { node {
  id publicKey nickname createdAt updatedAt totalRx totalTx enabled isOnline interface
  enforcement { desired applied reason }
} } } }`;

const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

describe('a client that sends 1 000 requests and reads no answer', () => {
  it('has a few of them processed, and the rest once it reads', async () => {
    const app = await startLarge();
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.pause();
    // Each is another path, so that none is answered with what was kept for the one before.
    const requests = Array.from(
      { length: 1_000 },
      (_, i) => `GET /api/users?per_page=1000&i=${i} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
    );
    socket.write(requests.join(''));
    await waitFor('the first answer', async () => asked.lists > 0, { everyMs: 5 });
    for (let i = 0; i < 20; i++) expect((await app.rest('/healthz')).status).toBe(200);
    await app.polled();
    // As many as fit into the buffers of one connection.
    const before = asked.lists;
    expect(before).toBeLessThan(50);

    let answers = 0;
    socket.on('data', (data) => {
      answers += data.toString('latin1').split('HTTP/1.1 200').length - 1;
    });
    socket.resume();
    await waitFor('more answers', async () => answers > before + 20, { everyMs: 5 });
  });

  it('gets every answer, in the order of its requests', async () => {
    const app = await startTestApp();
    const paths = Array.from({ length: 300 }, (_, i) =>
      i % 3 === 0 ? '/healthz' : i % 3 === 1 ? '/api/status' : '/api/nothing',
    );
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`).join(''));
    const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code));
    await waitFor('all answers', async () => statuses().length === paths.length, { everyMs: 5 });
    expect(statuses()).toEqual(paths.map((path) => (path.endsWith('nothing') ? 404 : 200)));
    socket.destroy();
  });
});

describe('a WebSocket with many large queries', () => {
  it('has one response buffered while it reads nothing, and gets all of them once it reads', async () => {
    const app = await startLarge();
    const asker = await openSocket(socketUrl(app));
    asker.socket.pause();
    for (let i = 0; i < QUERIES; i++) asker.send(subscribe(String(i), LARGE));
    await waitFor('the first answer', async () => asked.pages > 0, { everyMs: 5 });
    for (let i = 0; i < 20; i++) expect((await app.rest('/healthz')).status).toBe(200);
    await app.polled();
    expect(asked.pages).toBeLessThan(30);

    asker.socket.resume();
    await asker.received('complete', String(QUERIES - 1));
    const order = asker.messages.filter(({ type }) => type === 'next').map(({ id }) => Number(id));
    expect(order).toEqual(Array.from({ length: QUERIES }, (_, i) => i));
  });

  it('does not delay other clients, which are answered long before all of its queries', async () => {
    const app = await startLarge();
    const asker = await openSocket(socketUrl(app));
    for (let i = 0; i < QUERIES; i++) asker.send(subscribe(String(i), LARGE));
    await asker.received('next', '0');
    const { data } = await app.graphql('{ status { totalUsers } }');
    expect(data.status.totalUsers).toBe(PEERS);
    const changed = await app.post('/api/users/1/disable', {});
    expect(changed.status).toBe(200);
    expect(asked.pages).toBeLessThan(QUERIES);
  });

  it('has none of them processed after it closes', async () => {
    const app = await startLarge();
    const asker = await openSocket(socketUrl(app));
    for (let i = 0; i < QUERIES; i++) asker.send(subscribe(String(i), LARGE));
    await asker.received('next', '0');
    asker.socket.terminate();
    await asker.closed;
    await app.polled();
    const before = asked.pages;
    expect(before).toBeLessThan(QUERIES);
    await app.polled();
    expect(asked.pages).toBe(before);
  });
});

describe('the slot of a WebSocket', () => {
  it('is free again although the client neither begins nor answers the close', async () => {
    const app = await startTestApp({
      env: { WGQL_MAX_SOCKETS_PER_ADDRESS: '1' },
      limits: { initWithinMs: 50, closeWithinMs: 50 },
    });
    const { hostname, port } = new URL(app.url);
    const silent = connect(Number(port), hostname);
    silent.on('error', () => {});
    onTestFinished(() => void silent.destroy());
    silent.write(
      'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Protocol: graphql-transport-ws\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await within('the upgrade', once(silent, 'readable'));
    silent.pause();
    await within('the cut', once(silent.resume(), 'close'));
    await openSocket(socketUrl(app));
  });
});

describe('200 subscriptions of one client', () => {
  it('do not delay other clients when all of them receive a result', async () => {
    const app = await startTestApp();
    const sockets = await Promise.all(Array.from({ length: 4 }, () => openSocket(socketUrl(app))));
    for (const [index, socket] of sockets.entries()) {
      for (let i = 0; i < 50; i++) {
        // Different names prevent sharing, so each is executed separately.
        socket.send(
          subscribe(String(i), `subscription { a${index}_${i}: dashboard { totalUsers } }`),
        );
      }
    }
    await Promise.all(sockets.map((socket) => socket.received('next', '49')));
    const count = () =>
      sockets.flatMap(({ messages }) => messages.filter(({ type }) => type === 'next')).length;
    expect(count()).toBe(200);
    app.wireguard.interface().addPeer();
    app.clock.wake();
    await waitFor('the first of them', async () => count() > 200, { everyMs: 1 });
    expect((await app.rest('/healthz')).status).toBe(200);
    expect(count()).toBeLessThan(400);
    await waitFor('all of them', async () => count() === 400, { everyMs: 5 });
  });
});
