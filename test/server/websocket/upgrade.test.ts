import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket, socketUrl, within } from '../../live/support.ts';
import { type Fleet, startFleet } from '../../rest/support.ts';
import { TOKEN, upgradeStatus } from '../support.ts';

/** Requests an upgrade to another protocol, and keeps its own side open whatever the server does. */
function ask(app: Fleet, path: string, protocol: string, headers = '') {
  const { port, hostname } = new URL(app.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${headers}\r\n`,
  );
  return socket;
}

describe('an upgrade', () => {
  it('that is rejected leaves no connection behind, even if its client never closes', async () => {
    const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
    const socket = ask(app, '/nope', 'websocket');
    const [answer] = await within('the answer', once(socket, 'data'));
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
    const closed = once(socket, 'close');
    // A half-open connection would otherwise be written to forever.
    const timer = setInterval(() => socket.write('x'), 20);
    await within(
      'the close',
      closed.catch(() => {}),
    );
    clearInterval(timer);
    expect(socket.destroyed).toBe(true);
  });

  it('whose response is not read is destroyed, and no longer counts', async () => {
    const app = await startFleet({
      env: { WGQL_MAX_SOCKETS_PER_ADDRESS: '1' },
      limits: { silentForMs: 300 },
    });
    // A response of a few megabytes, more than the buffers between client and server hold.
    const sleeper = ask(app, '/graphql', 'h2c', 'Accept: text/html\r\n');
    const parts: Buffer[] = [];
    sleeper.on('data', (part: Buffer) => parts.push(part));
    await within('the first of it', once(sleeper, 'data'));
    sleeper.pause();
    await app.eventually(
      'the place of the sleeper',
      async () => (await upgradeStatus(app)) === 101,
    );
    sleeper.resume();
    // A reset may arrive before the end.
    const ended = ['end', 'close'].map((event) => new Promise((done) => sleeper.once(event, done)));
    await within('the end', Promise.race(ended));
    const text = Buffer.concat(parts).toString('latin1');
    const announced = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    expect(announced).toBeGreaterThan(text.length);
  });

  it('to an unsupported protocol is served as an ordinary request', async () => {
    const app = await startFleet();
    const socket = ask(app, '/api/dashboard', 'h2c');
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    await within('the end', once(socket, 'end'));
    const text = Buffer.concat(parts).toString();
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain('"total_users":2');
  });
});

describe('a socket that is not read', () => {
  it('is not read by the server either, before and after its init, so that no data accumulates', async () => {
    const app = await startFleet({ limits: { initWithinMs: 60_000 } });
    const ping = JSON.stringify({ type: 'ping', payload: { x: 'y'.repeat(60_000) } });
    const early = new WebSocket(socketUrl(app), 'graphql-transport-ws');
    onTestFinished(() => early.terminate());
    early.on('error', () => {});
    await once(early, 'open');
    const late = (await openSocket(socketUrl(app))).socket;
    for (const socket of [early, late]) {
      socket.pause();
      for (let count = 0; count < 400; count++) socket.send(ping);
    }
    // Enough time to receive all of the 24 MB.
    for (let count = 0; count < 30; count++) await app.rest('/api/users');
    expect(early.bufferedAmount).toBeGreaterThan(8_000_000);
    expect(late.bufferedAmount).toBeGreaterThan(8_000_000);
    late.resume();
    await within('all of it, once it is read', untilSent(late), 20_000);
  });
});

async function untilSent(socket: WebSocket): Promise<void> {
  while (socket.bufferedAmount > 0) await once(socket, 'message');
}
