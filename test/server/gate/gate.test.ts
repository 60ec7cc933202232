import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startTestApp } from '../../fixtures/test-app.ts';
import { within } from '../../live/support.ts';
import { type Fleet, type RawRequest, send, startFleet } from '../../rest/support.ts';
import {
  BEARER,
  CHANGES,
  codeOf,
  type Headers,
  jsonPost,
  READS,
  startUnchangedFleet,
  TOKEN,
  upgradeStatus,
  withHeaders,
} from '../support.ts';

const EVERYWHERE: readonly RawRequest[] = [
  ...READS,
  ...CHANGES,
  { path: '/healthz' },
  { path: '/readyz' },
  { path: '/' },
  { path: '/nothing' },
  { path: '/graphql', headers: { accept: 'text/html' } },
  { method: 'OPTIONS', path: '/api/users' },
];

/** Writes raw bytes, and reads until the server closes the connection. */
function exchange(app: Fleet, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.write(bytes);
  return within('the end of the connection', readText(socket));
}

describe('the gate', () => {
  it('rejects a request without a Host, or with two, in the format of every rejection', async () => {
    const { app, expectUnchanged } = await startUnchangedFleet();
    for (const [path, version, headers] of [
      ['/api/users/1/disable', '1.0', ''],
      ['/api/users/1/disable', '1.1', ''],
      ['/graphql', '1.1', ''],
      ['/healthz', '1.0', ''],
      ['/api/users/1/disable', '1.1', 'Host: 127.0.0.1\r\nHost: evil.example\r\n'],
    ]) {
      const answer = await exchange(
        app,
        `GET ${path} HTTP/${version}\r\n${headers}Connection: close\r\n\r\n`,
      );
      expect(answer, path).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"INVALID_ARGUMENT"');
    }
    const upgrade = await exchange(
      app,
      'GET /graphql HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(upgrade).toMatch(/^HTTP\/1\.1 400 /);
    await expectUnchanged();
  });

  it('rejects all requests through proxies while no token is required', async () => {
    const { app, expectUnchanged } = await startUnchangedFleet();
    const proxied: readonly Headers[] = [
      { forwarded: 'for=192.0.2.1' },
      { via: '1.1 proxy' },
      { 'x-forwarded-for': '192.0.2.1' },
      { 'x-forwarded-proto': 'https' },
      { 'X-Forwarded-Host': '127.0.0.1' },
      { 'x-real-ip': '192.0.2.1' },
    ];
    for (const headers of proxied) {
      for (const one of EVERYWHERE) {
        const answer = await send(app, withHeaders(one, headers));
        expect(answer.status, `${one.path} ${JSON.stringify(headers)}`).toBe(403);
        expect(codeOf(answer)).toBe('FORBIDDEN');
        expect(JSON.parse(answer.text).message).toMatch(/代理.*令牌/);
      }
      expect(await upgradeStatus(app, headers)).toBe(403);
    }
    await expectUnchanged();
  });

  it('rejects requests through trusted proxies too, while no token is required', async () => {
    const app = await startFleet({ env: { WGQL_TRUSTED_PROXIES: '127.0.0.1' } });
    const headers = { 'x-forwarded-for': '127.0.0.1' };
    expect((await send(app, { path: '/api/users', headers })).status).toBe(403);
  });

  it('accepts requests through proxies once a token is required, and with WGQL_AUTH=none', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.1', via: '1.1 proxy' };
    const withToken = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
    const authorized = withHeaders({ path: '/api/users', headers }, BEARER);
    expect((await send(withToken, authorized)).status).toBe(200);
    expect((await send(withToken, { path: '/api/users', headers })).status).toBe(401);
    const open = await startFleet({ env: { WGQL_AUTH: 'none' } });
    expect((await send(open, { path: '/api/users', headers })).status).toBe(200);
  });

  it('answers a rejected upgrade like an ordinary request', async () => {
    const app = await startFleet();
    const answer = await exchange(
      app,
      'GET /graphql HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toMatch(/^content-security-policy: default-src 'none'/im);
    expect(answer).toContain('"code":"FORBIDDEN"');
    expect(answer).toContain('WGQL_ALLOWED_HOSTS');
    expect(await upgradeStatus(app, {}, { path: '/elsewhere' })).toBe(404);
  });

  it('checks a request before Node.js answers its header Expect', async () => {
    const { app, expectUnchanged } = await startUnchangedFleet();
    for (const expectation of ['100-continue', 'foo']) {
      const answer = await exchange(
        app,
        `POST /api/users/1/disable HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: 2\r\nExpect: ${expectation}\r\n\r\n{}`,
      );
      expect(answer, expectation).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toMatch(/^content-security-policy: default-src 'none'/im);
      expect(answer).toContain('"code":"FORBIDDEN"');
    }
    await expectUnchanged();
  });

  it('sends 100 Continue only to clients that may send a body', async () => {
    const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
    const body = JSON.stringify({ query: '{ status { demo } }' });
    const head = (authorization: string, expectation: string) =>
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n` +
      `Content-Length: ${body.length}\r\nExpect: ${expectation}\r\n${authorization}\r\n`;
    const bearer = `Authorization: ${BEARER.authorization}\r\n`;
    expect(await exchange(app, head('', '100-continue'))).toMatch(/^HTTP\/1\.1 401 /);
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write(head(bearer, '100-continue'));
    const [first] = await within('the word to go on', once(socket, 'data'));
    expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body);
    expect(await within('the answer', readText(socket))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await exchange(app, head(bearer, 'foo') + body)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('answers an invalid handshake in the format of every rejection', async () => {
    const app = await startFleet();
    const upgrade = `HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    const version = 'Sec-WebSocket-Version: 13\r\n';
    for (const request of [
      `POST /graphql ${upgrade}${key}${version}`,
      `GET /graphql ${upgrade}${key}`,
      `GET /graphql ${upgrade}${version}`,
      `GET /graphql ${upgrade}${key}${version}Sec-WebSocket-Protocol: ,\r\n`,
    ]) {
      const answer = await exchange(app, `${request}\r\n`);
      expect(answer, request).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toMatch(/^content-security-policy: default-src 'none'/im);
      expect(answer).toMatch(/^sec-websocket-version: 13$/im);
      expect(answer).toContain('"code":"INVALID_ARGUMENT"');
    }
  });

  it('does not reveal the schema without a token', async () => {
    const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
    for (const query of ['{ __schema { types { name } } }', '{ dashbord { x } }', '{', '']) {
      for (const one of [
        jsonPost('/graphql', { query }),
        { path: `/graphql?query=${encodeURIComponent(query)}` },
      ]) {
        const answer = await send(app, one);
        expect(answer.status, query).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer');
        expect(codeOf(answer)).toBe('UNAUTHENTICATED');
        expect(answer.text).not.toMatch(/dashboard|Dashboard|__schema/);
      }
    }
    const query = '{ __schema { queryType { name } } }';
    const known = await send(app, withHeaders(jsonPost('/graphql', { query }), BEARER));
    expect(JSON.parse(known.text).data.__schema.queryType.name).toBe('Query');
  });
});

describe('the headers of every response', () => {
  it('forbid scripts, framing, caching and use by other origins', async () => {
    const app = await startFleet();
    const refused = withHeaders({ path: '/api/users' }, { host: 'evil.example' });
    for (const one of [...EVERYWHERE, refused]) {
      const { headers } = await send(app, one);
      const isPage = one.headers?.accept === 'text/html';
      const policy = String(headers['content-security-policy']);
      expect(policy, one.path).toMatch(/^default-src 'none';/);
      expect(policy).toContain("frame-ancestors 'none'");
      if (!isPage) expect(policy).not.toMatch(/script-src|style-src/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('let GraphiQL run only its own script, with a new nonce each time', async () => {
    const app = await startTestApp();
    const load = () => app.rest('/graphql', { headers: { accept: 'text/html' } });
    const nonces: string[] = [];
    for (const { headers, text } of [await load(), await load()]) {
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'nonce-([^']{22,})'/.exec(policy)?.[1] ?? '';
      expect(text).toContain(`<script nonce="${nonce}">`);
      expect(policy).toContain("connect-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      nonces.push(nonce);
    }
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

describe('a body', () => {
  const query = '{ status { demo } }';
  const padded = (bytes: number) => {
    const body = (padding: string) => JSON.stringify({ query, variables: { padding } });
    return body('x'.repeat(bytes - body('').length));
  };
  const post = (body: string): RawRequest => ({ ...jsonPost('/graphql', {}), body });

  it('of a GraphQL request may have at most 100 kB, with or without Content-Length', async () => {
    const app = await startFleet();
    const most = await send(app, post(padded(100_000)));
    expect(most.text).toBe('{"data":{"status":{"demo":false}}}');
    for (const chunked of [false, true]) {
      for (const bytes of [100_001, 30_000_000]) {
        const answer = await send(app, { ...post(padded(bytes)), chunked });
        expect(answer.status).toBe(413);
        expect(codeOf(answer)).toBe('PAYLOAD_TOO_LARGE');
      }
      const zh = { 'accept-language': 'zh' };
      const chinese = await send(app, withHeaders({ ...post(padded(100_001)), chunked }, zh));
      expect(JSON.parse(chinese.text).errors[0].message).toBe('请求体过大；请不要超过 100 kB。');
    }
    expect((await send(app, post(padded(1_000)))).status).toBe(200);
  });

  it('that is compressed has the same size limit', async () => {
    const { app, expectUnchanged } = await startUnchangedFleet();
    const bomb = gzipSync(JSON.stringify({ query, nickname: 'x'.repeat(50_000_000) }));
    expect(bomb.length).toBeLessThan(100_000);
    const sendBytes = (path: string) =>
      new Promise<number>((resolve, reject) => {
        const { port } = new URL(app.url);
        const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
        const outgoing = request({ port, method: 'POST', path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        outgoing.on('error', reject);
        outgoing.end(bomb);
      });
    expect(await sendBytes('/graphql')).toBe(415);
    expect(await sendBytes('/api/users/create')).toBe(413);
    await expectUnchanged();
  });

  it('with an ambiguous length is rejected', async () => {
    const { app, expectUnchanged } = await startUnchangedFleet();
    const host = `Host: ${new URL(app.url).host}\r\n`;
    const smuggled = `GET /api/users/1/disable HTTP/1.1\r\n${host}\r\n`;
    const chunked = `0\r\n\r\n${smuggled}`;
    const json = 'Content-Type: application/json\r\n';
    for (const [lengths, body] of [
      [`Content-Length: ${chunked.length}\r\nTransfer-Encoding: chunked\r\n`, chunked],
      [`Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`, chunked],
      ['Content-Length: 2\r\nContent-Length: 40\r\n', `{}${smuggled}`],
      ['Content-Length: +2\r\n', `{}${smuggled}`],
      ['Transfer-Encoding: xchunked\r\n', chunked],
    ]) {
      const answer = await exchange(
        app,
        `POST /api/users/create HTTP/1.1\r\n${host}${json}${lengths}\r\n${body}`,
      );
      expect(answer, lengths).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    }
    await expectUnchanged();
  });
});
