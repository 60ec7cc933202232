import { describe, expect, it } from 'vitest';
import { newSecret } from '../../src/access/token.ts';
import { logIn, type MadeLogin } from '../fixtures/logins.ts';
import { shared } from '../fixtures/shared.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { bearer, makeStaff, makeToken } from '../fixtures/tokens.ts';
import { type Fleet, type RawRequest, send, startFleet } from '../rest/support.ts';
import {
  CHANGES,
  codeOf,
  type Headers,
  jsonPost,
  READS,
  upgradeStatus,
  withHeaders,
} from './support.ts';

const FOREIGN = { origin: 'http://evil.example' };
const CROSS_SITE = { 'sec-fetch-site': 'cross-site' };
const SAME_SITE = { 'sec-fetch-site': 'same-site' };
const MINUTE_MS = 60_000;

const logInWith = (token: unknown, headers: Headers = {}): RawRequest =>
  withHeaders(jsonPost('/login', { token }), headers);
const logOutWith = (headers: Headers = {}): RawRequest => ({
  method: 'DELETE',
  path: '/login',
  headers,
});

describe('POST /login', () => {
  it('accepts a token as a header does, with the same failed tries, errors and addresses', async () => {
    const app = await startTestApp();
    const { admin } = await makeStaff(app);
    const afar = { name: 'afar', role: 'VIEWER', allowedFrom: ['192.0.2.0/24'] };
    const elsewhere = await makeToken(app, afar, admin.headers);
    const tries = [newSecret(), elsewhere.secret, 'x'];
    for (const token of tries) {
      for (const language of ['en', 'zh']) {
        const headers = { 'accept-language': language };
        const answer = await send(app, logInWith(token, headers));
        const sent = await app.rest('/api/users', { headers: { ...headers, ...bearer(token) } });
        expect([answer.status, JSON.parse(answer.text)]).toEqual([sent.status, sent.body]);
        expect(answer.headers['www-authenticate']).toBe(sent.headers.get('www-authenticate'));
        expect(answer.headers['set-cookie']).toBeUndefined();
        app.clock.advance(MINUTE_MS);
      }
    }
    for (let count = 0; count < 10; count++) await send(app, logInWith('x'));
    const limited = await send(app, logInWith('x'));
    expect([limited.status, codeOf(limited)]).toEqual([429, 'RATE_LIMITED']);
    expect(limited.headers['retry-after']).toBe('60');
    expect((await send(app, logInWith(` ${admin.secret}\n`))).status).toBe(204);
  });

  it('is refused if it is not a small JSON object with a token', async () => {
    const app = await startTestApp();
    const { admin } = await makeStaff(app);
    const body = JSON.stringify({ token: admin.secret });
    const post = (headers: Headers, text: string) =>
      send(app, { method: 'POST', path: '/login', headers, body: text });
    const json = { 'content-type': 'application/json' };
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''];
    for (const type of types) {
      const answer = await post({ 'content-type': type }, body);
      expect([answer.status, codeOf(answer)], type).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    }
    expect((await post({ ...json, 'content-encoding': 'gzip' }, body)).status).toBe(415);
    const long = await post(json, JSON.stringify({ token: 'x'.repeat(4_096) }));
    expect([long.status, codeOf(long)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const wrong = ['', 'x', '[]', '{}', 'null', '{"token":1}', '{"token":""}', '{"token":"a b"}'];
    for (const text of [...wrong, body.slice(0, -1)]) {
      const answer = await post(json, text);
      expect([answer.status, codeOf(answer)], text).toEqual([400, 'INVALID_ARGUMENT']);
    }
    expect((await post({ 'content-type': 'Application/JSON; charset=utf-8' }, body)).status).toBe(
      204,
    );
  });

  it('and DELETE /login are the only methods', async () => {
    const app = await startTestApp();
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'OPTIONS']) {
      const answer = await send(app, { method, path: '/login' });
      expect([answer.status, answer.headers.allow], method).toEqual([405, 'POST, DELETE']);
    }
  });

  it('names the cookie by the port in Host, so that two servers of a host do not share it', async () => {
    const app = await startTestApp({ env: { WGQL_ALLOWED_HOSTS: 'vpn.example' } });
    const { admin } = await makeStaff(app);
    for (const [host, name] of [
      ['vpn.example', 'wgql_login'],
      ['vpn.example:8443', 'wgql_login_8443'],
      ['[::1]', 'wgql_login'],
      ['[::1]:81', 'wgql_login_81'],
    ] as const) {
      const { headers } = await send(app, logInWith(admin.secret, { host }));
      const [cookie = ''] = headers['set-cookie'] as string[];
      expect(cookie.split('=')[0]).toBe(name);
      const sent = { host, cookie: cookie.split(';')[0] as string };
      expect((await send(app, { path: '/api/users', headers: sent })).status).toBe(200);
      const other = { ...sent, host: 'vpn.example:1' };
      expect((await send(app, { path: '/api/users', headers: other })).status).toBe(401);
    }
  });

  it('marks the cookie as secure if a trusted proxy received the request by TLS', async () => {
    const token = newSecret();
    for (const [proxies, protocol, isSecure] of [
      ['127.0.0.0/8', 'https', true],
      ['127.0.0.0/8', 'HTTPS, http', true],
      ['127.0.0.0/8', 'http', false],
      ['192.0.2.1', 'https', false],
    ] as const) {
      const app = await startTestApp({
        env: { WGQL_TOKEN: token, WGQL_TRUSTED_PROXIES: proxies },
      });
      const headers = { 'x-forwarded-proto': protocol, 'x-forwarded-for': '192.0.2.9' };
      for (const request of [logInWith(token, headers), logOutWith(headers)]) {
        const answer = await send(app, request);
        const [cookie = ''] = answer.headers['set-cookie'] as string[];
        expect(/; Secure(;|$)/.test(cookie), `${proxies} ${protocol}`).toBe(isSecure);
      }
    }
  });
});

describe('a page of another site', () => {
  const fleet = shared(async (): Promise<Fleet & { login: MadeLogin; token: string }> => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    return Object.assign(app, { login: await logIn(app, admin.secret), token: admin.secret });
  });
  /** How browsers mark the requests of such a page. */
  const marks: readonly Headers[] = [
    CROSS_SITE,
    FOREIGN,
    { ...CROSS_SITE, ...FOREIGN },
    { ...SAME_SITE, origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
    { referer: 'http://evil.example/' },
  ];

  it('cannot use the cookie of its visitor, also over a WebSocket', async () => {
    const app = fleet();
    const { headers } = app.login;
    const admin = { headers: bearer(app.token) };
    const users = async () => (await app.rest('/api/users', admin)).text;
    const before = await users();
    for (const mark of marks) {
      for (const request of CHANGES) {
        const answer = await send(app, withHeaders(request, { ...headers, ...mark }));
        expect([answer.status, codeOf(answer)], JSON.stringify(mark)).toEqual([403, 'FORBIDDEN']);
      }
      expect(await upgradeStatus(app, { ...headers, ...mark }), JSON.stringify(mark)).toBe(403);
    }
    for (const request of READS) {
      const answer = await send(app, withHeaders(request, { ...headers, ...CROSS_SITE }));
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    }
    expect(await users()).toBe(before);
  });

  it('that has a token itself is served, whatever cookie the browser adds', async () => {
    const app = fleet();
    const both = { ...app.login.headers, ...bearer(app.token), ...CROSS_SITE, ...FOREIGN };
    for (const request of READS) {
      expect((await send(app, withHeaders(request, both))).status).toBe(200);
    }
  });

  it('that has a token itself opens a WebSocket, unless the browser adds the cookie of this server', async () => {
    const app = fleet();
    const { cookie } = app.login.headers;
    const other = cookie.replace(/^wgql_login_\d+/, 'wgql_login_1');
    expect(await upgradeStatus(app, { ...FOREIGN, cookie: other })).toBe(101);
    expect(await upgradeStatus(app, { ...FOREIGN, cookie: `a=b; ${cookie}` })).toBe(403);
    expect(await upgradeStatus(app, { ...FOREIGN, cookie: `${cookie}; ${cookie}x` })).toBe(403);
  });

  it('cannot log its visitor in or out, in any mode', async () => {
    const modes = [
      fleet(),
      await startFleet(),
      await startFleet({ env: { WGQL_AUTH: 'none' } }),
    ] as const;
    for (const app of modes) {
      for (const mark of marks) {
        for (const cookie of ['', fleet().login.headers.cookie]) {
          const headers = { ...mark, cookie };
          for (const request of [logInWith(fleet().token, headers), logOutWith(headers)]) {
            const answer = await send(app, request);
            expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
            expect(answer.headers['set-cookie']).toBeUndefined();
          }
        }
      }
    }
    const mine = { headers: { ...fleet().login.headers } };
    expect((await fleet().rest('/api/users', mine)).status).toBe(200);
  });
});

describe('a page of the server', () => {
  it('is served with the cookie, for reads, changes and WebSockets', async () => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    const { headers } = await logIn(app, admin.secret);
    for (const mark of [{ origin: app.url }, { 'sec-fetch-site': 'same-origin' }] as Headers[]) {
      for (const request of [...READS, ...CHANGES]) {
        const { status, text } = await send(app, withHeaders(request, { ...headers, ...mark }));
        expect(status, text).toBe(200);
      }
      expect(await upgradeStatus(app, { ...headers, ...mark })).toBe(101);
    }
    // A program is no browser that a page could use.
    expect((await send(app, { path: '/api/users', headers })).status).toBe(200);
  });

  it('of WGQL_CORS_ORIGINS may log in and change, but gets no answer that it can read with the cookie', async () => {
    const app = await startFleet({ env: { WGQL_CORS_ORIGINS: 'https://app.example' } });
    const { admin } = await makeStaff(app);
    const origin = { origin: 'https://app.example', ...SAME_SITE };
    const answer = await send(app, logInWith(admin.secret, origin));
    expect(answer.status).toBe(204);
    const [cookie = ''] = answer.headers['set-cookie'] as string[];
    const headers = { ...origin, cookie: cookie.split(';')[0] as string };
    for (const request of READS) {
      const read = await send(app, withHeaders(request, headers));
      expect(read.status).toBe(200);
      expect(read.headers['access-control-allow-credentials']).toBeUndefined();
    }
  });
});
