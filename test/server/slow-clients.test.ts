import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../fixtures/tunnel.ts';
import { DASHBOARD, openSocket, socketUrl, watchEvents, within } from '../live/support.ts';
import { type Fleet, startFleet } from '../rest/support.ts';

/** Short limits for a fast test; the interval of the connection checks determines their precision. */
const LIMITS = { headersWithinMs: 300, requestWithinMs: 600, silentForMs: 900, checkEveryMs: 50 };

interface Connection {
  readonly socket: Socket;
  /** The data that the server wrote until it closed the connection. */
  readonly ended: Promise<string>;
}

function open(app: Fleet): Connection {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const parts: Buffer[] = [];
  socket.on('data', (data) => parts.push(data));
  socket.on('error', () => {});
  // One character per byte. Not `once`, which would reject if a reset arrives first.
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(Buffer.concat(parts).toString('latin1')));
  });
  return { socket, ended };
}

/** Writes further chunks whenever possible, until the server closes the connection. */
function drip({ socket }: Connection, piece: () => string): void {
  const timer = setInterval(() => socket.write(piece()), 40);
  socket.once('close', () => clearInterval(timer));
}

/** A value of 12 MB, more than the buffers between two sockets can hold. */
const LONG_SERIES = `traffic(bucket: QUARTER_HOUR, from: "2025-10-05T00:00:00Z", to: "2026-01-16T02:00:00Z") {
  ${'x'.repeat(1_200)}: rx
}`;

const graphqlPath = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;

/** Whether the connection is answered and not closed. */
function isServed({ socket, ended }: Connection): Promise<boolean> {
  socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const answered = new Promise<boolean>((resolve) => socket.once('data', () => resolve(true)));
  return within('an answer or the end', Promise.race([answered, ended.then(() => false)]));
}

/** Reads only the beginning of a response that is larger than the buffers between client and server. */
async function fallAsleep(app: Fleet, path: string, accept: string): Promise<Connection> {
  const sleeper = open(app);
  sleeper.socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: ${accept}\r\n\r\n`);
  await within('the beginning', once(sleeper.socket, 'data'));
  sleeper.socket.pause();
  return sleeper;
}

const start = () => startFleet({ limits: LIMITS });

/** A client that still writes after the server has closed may get a reset before the last response data. */
const CUT_OFF = /^(HTTP\/1\.1 408 |$)/;

describe('a client is cut off', () => {
  it('that sends nothing at all', async () => {
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

  it('that sends its body byte by byte without an end, to either API', async () => {
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

  it('that does not read its response, whether a page, a streamed query or a subscription', async () => {
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

describe('a connection beyond the limit', () => {
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
    // A silent connection is closed after the longest limit; twice that time exceeds all limits.
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
