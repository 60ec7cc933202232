import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { shared, whenFinished } from '../fixtures/shared.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { blocksOf, readPage } from './support.ts';

const TOKEN = 'a-token-for-tests-that-is-0123456789';
const NAME = 'vpn.example';

interface Proxied {
  readonly app: TestApp;
  /** Sends a request to nginx. */
  readonly send: (path: string, options?: Sent) => Promise<Answer>;
  readonly openSocket: () => WebSocket;
}

interface Sent {
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Answer {
  readonly status: number | undefined;
  readonly response: IncomingMessage;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The block of the page between what every nginx needs, with the places of this test. */
async function configurationFor(folder: string, appUrl: string, port: number): Promise<string> {
  const [block] = blocksOf(await readPage('docs/PROXY.md')).filter(
    ({ language }) => language === 'nginx',
  );
  const adapted = (block?.code ?? '')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replaceAll(`/etc/letsencrypt/live/${NAME}/`, `${folder}/`)
    .replace('http://127.0.0.1:8000', appUrl);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/temporary;`,
  );
  return `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr warn;
    events {}
    http {
      access_log off;
      ${temporary.join('\n')}
      ${adapted}
    }`;
}

/** Starts wgql and nginx; `edit` changes what the page shows. */
async function startBehindNginx(edit = (text: string) => text): Promise<Proxied> {
  const app = await startTestApp({
    env: {
      WGQL_ALLOWED_HOSTS: NAME,
      WGQL_TRUSTED_PROXIES: '127.0.0.1',
      WGQL_TOKEN: TOKEN,
    },
    prepare: (wireguard) => {
      const wg0 = wireguard.interface();
      wg0.shakeHands(wg0.addPeer());
    },
  });
  await app.polled();
  const folder = await mkdtemp(join(tmpdir(), 'wgql-nginx-'));
  whenFinished(() => rm(folder, { recursive: true, force: true }));
  const { cert, private: key } = await generate([{ name: 'commonName', value: NAME }]);
  const port = await freePort();
  await mkdir(join(folder, 'temporary'));
  await writeFile(join(folder, 'fullchain.pem'), cert);
  await writeFile(join(folder, 'privkey.pem'), key);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, edit(await configurationFor(folder, app.url, port)));
  const nginx = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  nginx.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const ended = once(nginx, 'exit');
  whenFinished(async () => {
    nginx.kill('SIGTERM');
    await ended;
  });
  const tls = { ca: cert, servername: NAME, checkServerIdentity: () => undefined };
  const send: Proxied['send'] = async (path, { host = NAME, headers = {}, body } = {}) => {
    const outgoing = request({
      ...{ hostname: '127.0.0.1', port, path, agent: false, ...tls },
      method: body === undefined ? 'GET' : 'POST',
      headers: { host, 'accept-language': 'en', 'content-type': 'application/json', ...headers },
    });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { status: response.statusCode, response };
  };
  await waitFor('nginx', async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said.join('')}`);
    return send('/healthz').then(
      ({ status, response }) => {
        response.resume();
        return status === 200;
      },
      () => false,
    );
  });
  const openSocket = () =>
    new WebSocket(`wss://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      ...tls,
      headers: { host: NAME },
    });
  return { app, send, openSocket };
}

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: string[] = [];
  for await (const part of response.setEncoding('utf8')) parts.push(part as string);
  return parts.join('');
}

describe('behind the nginx of docs/PROXY.md', () => {
  const proxied = shared(() => startBehindNginx());

  it('requests need a token and the name of the server', async () => {
    const { send } = proxied();
    const users = await send('/api/users', { headers: AUTHORIZED });
    expect(users.status).toBe(200);
    expect(JSON.parse(await textOf(users.response))).toHaveLength(1);
    expect((await send('/api/users')).status).toBe(401);
    const renamed = await send('/api/users/1/update', {
      headers: AUTHORIZED,
      body: '{"nickname": "Ada"}',
    });
    expect(renamed.status).toBe(200);
    const other = await send('/api/users', { host: 'other.example', headers: AUTHORIZED });
    expect(other.status).toBe(403);
    expect(await textOf(other.response)).toContain('add it to WGQL_ALLOWED_HOSTS');
  });

  it('a WebSocket passes, with its token in the first message', async () => {
    const socket = proxied().openSocket();
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    const next = async () => JSON.parse(String((await once(socket, 'message'))[0]));
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${TOKEN}` } }),
    );
    expect(await next()).toMatchObject({ type: 'connection_ack' });
    const payload = { query: 'subscription { dashboard { totalUsers } }' };
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    expect(await next()).toMatchObject({
      type: 'next',
      payload: { data: { dashboard: { totalUsers: 1 } } },
    });
  });

  it('an event stream passes event by event', async () => {
    const { app, send } = proxied();
    const { response } = await send('/graphql', {
      headers: { ...AUTHORIZED, accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { events { type user { nickname } } }' }),
    });
    onTestFinished(() => void response.destroy());
    const received: string[] = [];
    response.setEncoding('utf8').on('data', (part: string) => received.push(part));
    // The first comment says that the subscription is running.
    await waitFor('the start', async () => received.length > 0);
    await app.graphql(
      'mutation { updateUser(id: 1, input: { nickname: "Grace" }) { user { id } } }',
      {},
      AUTHORIZED,
    );
    await app.eventually('the event', async () => received.join('').includes('"Grace"'));
    expect(response.complete).toBe(false);
  });

  it('a WebSocket is refused with 401 if nginx does not forward Upgrade', async () => {
    const { openSocket } = await startBehindNginx((text) =>
      text.replaceAll(/^.*proxy_set_header (?:Upgrade|Connection) .*$/gm, ''),
    );
    const socket = openSocket();
    onTestFinished(() => socket.terminate());
    const [error] = await once(socket, 'error').catch((error: Error) => [error]);
    expect(String(error)).toContain('Unexpected server response: 401');
  });
});
