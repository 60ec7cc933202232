import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../fixtures/tunnel.ts';
import { DASHBOARD, openSocket, socketUrl, watchEvents, within } from '../live/support.ts';
import { type Fleet, startFleet } from '../rest/support.ts';

/** Short, so that the test need not wait; a limit is kept as exactly as the connections are looked at. */
const LIMITS = { headersWithinMs: 300, requestWithinMs: 600, silentForMs: 900, checkEveryMs: 50 };

interface Connection {
  readonly socket: Socket;
  /** What the server wrote until it closed the connection. */
  readonly ended: Promise<string>;
}

function open(app: Fleet): Connection {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const parts: Buffer[] = [];
  socket.on('data', (data) => parts.push(data));
  socket.on('error', () => {});
  // A character for each byte. Not by `once`, which takes the reset that may come first for a failure.
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(Buffer.concat(parts).toString('latin1')));
  });
  return { socket, ended };
}

/** Writes one more piece whenever it can, until the server has had enough. */
function drip({ socket }: Connection, piece: () => string): void {
  const timer = setInterval(() => socket.write(piece()), 40);
  socket.once('close', () => clearInterval(timer));
}

/** A value that takes 12 MB to write, more than the buffers between two sockets ever hold. */
const LONG_SERIES = `traffic(bucket: QUARTER_HOUR, from: "2025-10-05T00:00:00Z", to: "2026-01-16T02:00:00Z") {
  ${'x'.repeat(1_200)}: rx
}`;

const graphqlPath = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;

/** Whether it is answered, and not closed. */
function isServed({ socket, ended }: Connection): Promise<boolean> {
  socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const answered = new Promise<boolean>((resolve) => socket.once('data', () => resolve(true)));
  return within('an answer or the end', Promise.race([answered, ended.then(() => false)]));
}

/** Reads the beginning of an answer that is larger than the buffers between the two, and no more. */
async function fallAsleep(app: Fleet, path: string, accept: string): Promise<Connection> {
  const sleeper = open(app);
  sleeper.socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: ${accept}\r\n\r\n`);
  await within('the beginning', once(sleeper.socket, 'data'));
  sleeper.socket.pause();
  return sleeper;
}

const start = () => startFleet({ limits: LIMITS });

/** Whoever writes on when the server has closed may lose its last words to the reset. */
const CUT_OFF = /^(HTTP\/1\.1 408 |$)/;

describe('a client is cut off', () => {
  it('that says nothing at all', async () => {
    const app = await start();
    const connection = open(app);
    expect(await within('the end', connection.ended)).toMatch(CUT_OFF);
  });

  it('that sends its headers one by one without an end', async () => {
    const app = await start();
    const connection = open(app);
    connection.socket.write('GET /api/users HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    let count = 0;
    drip(connection, () => `X-${count++}: x\r\n`);
    expect(await within('the end', connection.ended)).toMatch(CUT_OFF);
  });

  it('that sends its body byte by byte without an end, through either door', async () => {
    const app = await start();
    for (const path of ['/api/users/create', '/graphql']) {
      const connection = open(app);
      connection.socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n{`,
      );
      drip(connection, () => ' ');
      expect(await within('the end', connection.ended), path).toMatch(CUT_OFF);
    }
  });

  it('that does not read its answer, be it a page, a streamed query or a subscription', async () => {
    const app = await startFleet({ limits: { silentForMs: 3_000, connections: 3 } });
    const paths = [
      graphqlPath(`{ ${LONG_SERIES} }`),
      graphqlPath(`subscription { presence(userIds: [1]) { user { ${LONG_SERIES} } } }`),
    ];
    const sleepers = await Promise.all([
      fallAsleep(app, '/graphql', 'text/html'),
      ...paths.map((path) => fallAsleep(app, path, 'text/event-stream')),
    ]);
    await waitFor('the places of all three', async () => {
      const probes = sleepers.map(() => open(app));
      const served = await Promise.all(probes.map(isServed));
      for (const { socket } of probes) socket.destroy();
      return served.every(Boolean);
    });
    for (const { socket, ended } of sleepers) {
      socket.resume();
      const text = await within('the end', ended);
      const announced = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 12_000_000);
      expect(announced).toBeGreaterThan(text.length);
    }
  });
});

describe('a connection beyond as many as there may be', () => {
  it('is closed at once, until another one is gone', async () => {
    const app = await startFleet({ limits: { connections: 2 } });
    const first = open(app);
    expect(await isServed(first)).toBe(true);
    expect(await isServed(open(app))).toBe(true);
    expect(await isServed(open(app))).toBe(false);
    first.socket.destroy();
    await waitFor('a place', () => isServed(open(app)));
  });
});

describe('a live stream outlasts every limit', () => {
  it('over a WebSocket and over server-sent events', async () => {
    const app = await start();
    const one = await openSocket(socketUrl(app));
    one.send({ id: 'd', type: 'subscribe', payload: { query: DASHBOARD } });
    await one.received('next', 'd');
    const feed = await watchEvents(app, DASHBOARD);
    await feed.next();
    // A connection that says nothing lives as long as the longest limit; two outlast all of them.
    await within('the end', open(app).ended);
    const silent = open(app);
    silent.socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await within('the end', silent.ended, 20_000);
    app.online.rxBytes += 3n;
    expect(await feed.next()).toMatchObject({ totalUsers: 2 });
    const count = () => one.messages.filter(({ type }) => type === 'next').length;
    await within(
      'the second value',
      (async () => {
        while (count() < 2) await once(one.socket, 'message');
      })(),
    );
  });
});
