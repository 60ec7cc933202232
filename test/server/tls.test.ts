import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { newSecret } from '../../src/access/token.ts';
import { AppError } from '../../src/domain/errors.ts';
import { type Program, run, startProgram } from '../fixtures/program.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { DASHBOARD, within } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';

interface Pair {
  readonly cert: string;
  readonly key: string;
}

let folder = '';
let first: Pair;
let second: Pair;

const path = (name: string) => join(folder, name);

async function certificate(commonName: string): Promise<Pair> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { cert, key };
}

async function write({ cert, key }: Pair): Promise<void> {
  await writeFile(path('cert.pem'), cert);
  await writeFile(path('key.pem'), key);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-tls-'));
  [first, second] = [await certificate('first'), await certificate('second')];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = () => ({
  WGQL_DATABASE_URL: `file:${path('wgql.db')}`,
  WGQL_TLS_CERT: path('cert.pem'),
  WGQL_TLS_KEY: path('key.pem'),
});

async function start(): Promise<Program> {
  await write(first);
  return startProgram({ cwd: folder, env: settings() });
}

/** Sends a request over a new connection that trusts only this certificate. */
async function get(
  program: { readonly url: string },
  ca: string,
): Promise<{ status: number; headers: object }> {
  const outgoing = request(`${program.url}/api/users`, { ca, agent: false });
  outgoing.end();
  const [response] = await within('the answer', once(outgoing, 'response'));
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

/** Sends the signal, and waits for a matching log line written after it. */
async function reload(program: Program, said: RegExp): Promise<void> {
  const before = program.lines.length;
  program.signal('SIGHUP');
  await waitFor('the log', async () => program.lines.slice(before).some((line) => said.test(line)));
}

describe('with a certificate and its key', () => {
  it('both APIs and WebSockets accept TLS 1.2 and 1.3, and nothing else', async () => {
    const program = await start();
    expect(program.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const { status, headers } = await get(program, first.cert);
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('strict-transport-security');
    await expect(get(program, second.cert)).rejects.toThrow(/self-signed|certificate/);
    await expect(fetch(program.url.replace('https', 'http'))).rejects.toThrow();
    const { hostname, port } = new URL(program.url);
    for (const [version, isSpoken] of [
      ['TLSv1.1', false],
      ['TLSv1.2', true],
      ['TLSv1.3', true],
    ] as const) {
      const socket = connectTls({
        host: hostname,
        port: Number(port),
        ca: first.cert,
        minVersion: version,
        maxVersion: version,
        // Otherwise, the client itself would reject the old version.
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      const outcome = await Promise.race([
        once(socket, 'secureConnect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      expect(outcome, version).toBe(isSpoken);
      socket.destroy();
    }
    expect((await program.stop('SIGTERM')).code).toBe(0);
  });

  it('a new pair is served after SIGHUP, while open WebSockets continue', async () => {
    const program = await start();
    const socket = new WebSocket(
      `${program.url.replace('https', 'wss')}/graphql`,
      'graphql-transport-ws',
      { ca: first.cert },
    );
    onTestFinished(() => socket.terminate());
    await within('the socket', once(socket, 'open'));
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await within('the acknowledgement', once(socket, 'message'));
    await write(second);
    await reload(program, /certificate was reloaded/);
    expect((await get(program, second.cert)).status).toBe(200);
    await expect(get(program, first.cert)).rejects.toThrow(/self-signed|certificate/);
    const payload = { query: DASHBOARD };
    socket.send(JSON.stringify({ id: 'd', type: 'subscribe', payload }));
    const [message] = await within('a value', once(socket, 'message'));
    expect(JSON.parse(String(message))).toMatchObject({ type: 'next', id: 'd' });
    for (const line of program.lines) expect(line).not.toContain('PRIVATE KEY');
  });

  it('a new pair that cannot be used is reported in the log, and the old one is kept', async () => {
    await write(first);
    const app = await startTestApp({ env: settings() });
    await writeFile(path('key.pem'), second.key);
    await app.app.reload();
    expect(app.log.at(-1)).toMatch(/was not reloaded.*does not match the certificate/);
    expect((await get(app, first.cert)).status).toBe(200);
    await rm(path('cert.pem'));
    await app.app.reload();
    expect(app.log.at(-1)).toMatch(/was not reloaded.*cannot be read \(ENOENT\)/);
    expect((await get(app, first.cert)).status).toBe(200);
    for (const line of app.log) expect(line).not.toContain('PRIVATE KEY');
  });
});

describe('the cookie of a login', () => {
  it('is secure, so that the browser never sends it without TLS', async () => {
    await write(first);
    const token = newSecret();
    const app = await startTestApp({ env: { ...settings(), WGQL_TOKEN: token } });
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', headers, ca: first.cert, agent: false };
    const outgoing = request(`${app.url}/login`, options);
    outgoing.end(JSON.stringify({ token }));
    const [response] = await within('the answer', once(outgoing, 'response'));
    response.resume();
    expect(response.statusCode).toBe(204);
    expect(response.headers['set-cookie'][0]).toMatch(/; Secure$/);
  });
});

describe('a connection without a TLS handshake', () => {
  it('is closed', async () => {
    await write(first);
    const app = await startFleet({ env: settings(), limits: { headersWithinMs: 300 } });
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.resume();
    await within('the end', once(socket, 'close'));
  });
});

describe('the program refuses to start', () => {
  it.each([
    [
      'without the file',
      async () => rm(path('key.pem')),
      /set by WGQL_TLS_KEY cannot be read \(ENOENT\)/,
    ],
    [
      'with a key of another certificate',
      async () => writeFile(path('key.pem'), second.key),
      /does not match the certificate/,
    ],
    [
      'with an invalid certificate',
      async () => writeFile(path('cert.pem'), 'nonsense'),
      /contains no certificate in PEM format/,
    ],
    [
      'with a pipe without a writer',
      async () => {
        await rm(path('cert.pem'));
        execFileSync('mkfifo', [path('cert.pem')]);
        onTestFinished(() => rm(path('cert.pem')));
      },
      /contains no certificate in PEM format/,
    ],
    [
      'with an invalid key',
      async () => writeFile(path('key.pem'), first.cert),
      /contains no private key in PEM format/,
    ],
  ])('%s, with one sentence that says so', async (_, spoil, said) => {
    await write(first);
    await spoil();
    const env = { ...settings(), WGQL_DATABASE_URL: `file:${path('fresh/wgql.db')}` };
    const error = await startTestApp({ env }).catch((reason) => reason);
    expect(error).toBeInstanceOf(AppError);
    for (const text of [error.text.en, error.text.zh]) expect(text).not.toMatch(/\n|PRIVATE KEY/);
    expect(error.text.en).toMatch(said);
    expect(error.text.zh).toMatch(/[\u4e00-\u9fff]/);
    // Nothing was created before the rejection.
    expect(await readdir(folder)).not.toContain('fresh');
  });

  it('with the sentence in both languages as its only output', async () => {
    await write(first);
    await writeFile(path('key.pem'), second.key);
    const env = { ...settings(), WGQL_DATABASE_URL: `file:${path('fresh/wgql.db')}` };
    const { code, stderr } = await run({ cwd: folder, env });
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/does not match the certificate/);
    expect(lines[1]).toMatch(/[\u4e00-\u9fff]/);
    expect(stderr).not.toContain('PRIVATE KEY');
    expect(await readdir(folder)).not.toContain('fresh');
  });
});
