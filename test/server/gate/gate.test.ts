import { once } from 'node:events';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { shared } from '../../fixtures/shared.ts';
import { within } from '../../live/support.ts';
import { send, startFleet } from '../../rest/support.ts';
import {
  BEARER,
  codeOf,
  EVERYWHERE,
  exchange,
  type Headers,
  jsonPost,
  stateKept,
  TOKEN,
  upgradeStatus,
  withHeaders,
} from '../support.ts';

describe('the gate', () => {
  // No request of these tests changes anything.
  const fleet = shared(() => startFleet());
  const guarded = shared(() => startFleet({ env: { WGQL_TOKEN: TOKEN } }));

  it('rejects a request without a Host, or with two, in the format of every rejection', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
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
    const app = fleet();
    const expectUnchanged = await stateKept(app);
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
    const withToken = guarded();
    const authorized = withHeaders({ path: '/api/users', headers }, BEARER);
    expect((await send(withToken, authorized)).status).toBe(200);
    expect((await send(withToken, { path: '/api/users', headers })).status).toBe(401);
    const open = await startFleet({ env: { WGQL_AUTH: 'none' } });
    expect((await send(open, { path: '/api/users', headers })).status).toBe(200);
  });

  it('answers a rejected upgrade like an ordinary request', async () => {
    const app = fleet();
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
    const app = fleet();
    const expectUnchanged = await stateKept(app);
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
    const app = guarded();
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
    const app = fleet();
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
    const app = guarded();
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
