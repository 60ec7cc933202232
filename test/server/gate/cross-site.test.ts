import { describe, expect, it } from 'vitest';
import { shared } from '../../fixtures/shared.ts';
import { type Fleet, type RawRequest, send, startFleet } from '../../rest/support.ts';
import {
  BEARER,
  CHANGES,
  codeOf,
  type Headers,
  jsonPost,
  READS,
  startUnchangedFleet,
  stateKept,
  TOKEN,
  upgradeStatus,
  withHeaders,
} from '../support.ts';

const FOREIGN = { origin: 'http://evil.example' };
const CROSS_SITE = { 'sec-fetch-site': 'cross-site' };

const hostOf = (app: Fleet) => new URL(app.url).host;

/** For tests that change nothing, so that a change by any of their requests shows. */
const fleet = shared(() => startFleet());

/** Each request is rejected with one message and changes nothing. */
async function expectRefused(app: Fleet, requests: readonly RawRequest[], headers: Headers) {
  for (const request of requests) {
    const answer = await send(app, withHeaders(request, headers));
    const what = `${request.method ?? 'GET'} ${request.path} ${JSON.stringify(headers)}`;
    expect(answer.status, what).toBe(403);
    expect(codeOf(answer), what).toBe('FORBIDDEN');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  }
}

async function expectServed(app: Fleet, requests: readonly RawRequest[], headers: Headers) {
  for (const request of requests) {
    const { status, text } = await send(app, withHeaders(request, headers));
    expect(status, `${request.path} ${JSON.stringify(headers)} ${text}`).toBe(200);
    expect(text).not.toContain('"errors"');
  }
}

describe('without a token, a request from a web page of another site', () => {
  it('is rejected if the browser marks it, also for reads, and changes nothing', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
    await expectRefused(app, [...READS, ...CHANGES, { path: '/healthz' }], CROSS_SITE);
    await expectRefused(app, [...READS, ...CHANGES], { ...CROSS_SITE, ...FOREIGN });
    // A page can set this header, so it proves nothing while no token is checked.
    await expectRefused(app, [...READS, ...CHANGES], { ...CROSS_SITE, ...FOREIGN, ...BEARER });
    await expectUnchanged();
  });

  it('is rejected by its Origin or Referer if it is not marked and changes something', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
    for (const headers of [
      FOREIGN,
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { origin: 'http://127.0.0.1.evil.example' },
      { origin: 'nonsense' },
      { referer: 'http://evil.example/page' },
      { referer: 'nonsense' },
    ]) {
      await expectRefused(app, CHANGES, headers);
      await expectServed(app, READS, headers);
    }
    await expectUnchanged();
  });

  it('is rejected for reads too, by an address to which browsers send no Sec-Fetch-Site', async () => {
    const app = fleet();
    const { port } = new URL(app.url);
    for (const name of ['0.0.0.0', '[::]', '[::ffff:127.0.0.1]']) {
      const host = `${name}:${port}`;
      await expectRefused(app, READS, { host, ...FOREIGN });
      await expectServed(app, READS, { host });
      await expectServed(app, READS, { host, origin: `http://${host}` });
    }
  });

  it('is rejected for a changing GET to such an address, even without Origin and Referer', async () => {
    const app = await startFleet({ env: { WGQL_ALLOWED_HOSTS: 'vpn.example' } });
    const { port } = new URL(app.url);
    const gets = CHANGES.filter(({ method }) => method === undefined);
    const posts = CHANGES.filter(({ method }) => method !== undefined);
    for (const name of ['0.0.0.0', '[::ffff:7f00:1]', '192.0.2.5']) {
      const host = `${name}:${port}`;
      await expectRefused(app, gets, { host });
      await expectServed(app, posts, { host });
    }
    for (const name of ['127.0.0.1', 'localhost', '[::1]', 'vpn.example']) {
      await expectServed(app, gets, { host: `${name}:${port}` });
    }
  });

  it('may read, but not change, from the same host on another port', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
    const sameSite = { 'sec-fetch-site': 'same-site' };
    for (const headers of [sameSite, { ...sameSite, origin: 'http://127.0.0.1:5173' }]) {
      await expectServed(app, READS, headers);
      await expectRefused(app, CHANGES, headers);
    }
    await expectUnchanged();
  });

  it('gets an error in English and Chinese that says what to do', async () => {
    const app = fleet();
    const chinese = await send(app, withHeaders({ path: '/api/users' }, CROSS_SITE));
    expect(JSON.parse(chinese.text).message).toMatch(/其他来源的网页.*WGQL_CORS_ORIGINS/);
    const english = await send(
      app,
      withHeaders({ path: '/graphql' }, { ...CROSS_SITE, 'accept-language': 'en' }),
    );
    expect(JSON.parse(english.text).message).toMatch(/another origin.*WGQL_CORS_ORIGINS/);
  });
});

describe('without a token, other clients are served as documented', () => {
  it('such as a client that is not a browser, pages of the server, and the address bar', async () => {
    const app = await startFleet();
    const others: readonly Headers[] = [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: app.url },
      { origin: `https://${hostOf(app)}` },
      { referer: `${app.url}/graphql` },
    ];
    for (const headers of others) await expectServed(app, [...READS, ...CHANGES], headers);
  });

  it('such as the pages of WGQL_CORS_ORIGINS, which may also read GraphQL', async () => {
    const app = await startFleet({ env: { WGQL_CORS_ORIGINS: 'https://App.example' } });
    const origin = { origin: 'https://app.example' };
    await expectServed(app, [...READS, ...CHANGES], { ...origin, ...CROSS_SITE });
    await expectServed(app, [...READS, ...CHANGES], origin);
    expect(await upgradeStatus(app, origin)).toBe(101);
    const answer = await send(app, withHeaders(READS[2] as RawRequest, origin));
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect(answer.headers.vary).toContain('Origin');
    await expectRefused(app, CHANGES, { origin: 'http://app.example' });
    await expectRefused(app, CHANGES, { origin: 'https://app.example.evil.example' });
    const foreign = await send(app, withHeaders(READS[2] as RawRequest, FOREIGN));
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('and preflights are answered', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
    const headers = { ...CROSS_SITE, ...FOREIGN, 'access-control-request-method': 'POST' };
    for (const path of ['/api/users', '/api/users/1/disable', '/api/users/create']) {
      const answer = await send(app, { method: 'OPTIONS', path, headers });
      expect(answer.status, path).toBe(204);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    }
    await expectUnchanged();
  });
});

describe('a WebSocket without a token', () => {
  it('can be opened by pages of this server and clients that are not browsers, but by no other page', async () => {
    const app = fleet();
    expect(await upgradeStatus(app)).toBe(101);
    expect(await upgradeStatus(app, { origin: app.url })).toBe(101);
    for (const headers of [
      FOREIGN,
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { ...FOREIGN, ...BEARER },
      { ...CROSS_SITE },
      { origin: app.url, 'sec-fetch-site': 'cross-site' },
    ] as readonly Headers[]) {
      expect(await upgradeStatus(app, headers), JSON.stringify(headers)).toBe(403);
    }
  });
});

describe('with a token', () => {
  const guarded = shared(() => startFleet({ env: { WGQL_TOKEN: TOKEN } }));
  const preflight = {
    ...FOREIGN,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };

  it('a page of any origin that has it is served, and sends a preflight before GraphQL requests', async () => {
    const app = guarded();
    const headers = { ...CROSS_SITE, ...FOREIGN, ...BEARER };
    await expectServed(app, [...READS, ...CHANGES], headers);
    const asked = await send(app, { method: 'OPTIONS', path: '/graphql', headers: preflight });
    expect(asked.status).toBe(204);
    expect(asked.headers['access-control-allow-origin']).toBe('*');
    expect(asked.headers['access-control-allow-headers']).toBe('Content-Type,Authorization');
    const query = jsonPost('/graphql', { query: '{ status { demo } }' });
    const answer = await send(app, withHeaders(query, headers));
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('a page that does not have it is unauthenticated, and never served', async () => {
    const app = guarded();
    for (const request of [...READS, ...CHANGES]) {
      const answer = await send(app, withHeaders(request, { ...CROSS_SITE, ...FOREIGN }));
      expect(answer.status, request.path).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    }
  });

  it('a password that the browser may have added does not authorize a request of a page', async () => {
    const app = guarded();
    const basic = { authorization: `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}` };
    await expectRefused(app, [...READS, ...CHANGES], { ...CROSS_SITE, ...FOREIGN, ...basic });
    await expectRefused(app, CHANGES, { ...FOREIGN, ...basic });
  });

  it('a WebSocket can be opened by pages of any origin, since the token is in connection_init', async () => {
    const app = guarded();
    expect(await upgradeStatus(app, FOREIGN)).toBe(101);
    expect(await upgradeStatus(app, { ...FOREIGN, ...CROSS_SITE })).toBe(101);
  });
});

describe('with WGQL_AUTH=none', () => {
  it('pages of every site are served, as its documentation warns', async () => {
    const app = await startFleet({ env: { WGQL_AUTH: 'none' } });
    await expectServed(app, [...READS, ...CHANGES], { ...CROSS_SITE, ...FOREIGN });
    expect(await upgradeStatus(app, FOREIGN)).toBe(101);
    const { headers } = await send(app, withHeaders({ path: '/api/users' }, FOREIGN));
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('a Host that is not configured is still rejected', async () => {
    const { app, expectUnchanged } = await startUnchangedFleet({ env: { WGQL_AUTH: 'none' } });
    for (const request of [...READS, ...CHANGES]) {
      const answer = await send(app, withHeaders(request, { host: 'evil.example' }));
      expect(answer.status).toBe(403);
    }
    expect(await upgradeStatus(app, { host: 'evil.example' })).toBe(403);
    await expectUnchanged();
  });
});

describe('a request that must not change anything', () => {
  it('is a prefetch, HEAD, or GraphQL by GET or in a format other than JSON', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
    for (const headers of [
      { 'sec-purpose': 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender', 'sec-fetch-site': 'none' },
      { purpose: 'prefetch' },
      { 'x-moz': 'prefetch' },
    ] as readonly Headers[]) {
      const { status } = await send(app, { path: '/api/users/1/disable', headers });
      expect(status, JSON.stringify(headers)).toBe(403);
    }
    const query = encodeURIComponent(
      'mutation { setUserEnabled(id: 1, enabled: false) { user { id } } }',
    );
    for (const method of ['HEAD', 'GET']) {
      for (const path of ['/api/users/1/disable', `/graphql?query=${query}`]) {
        if (method === 'GET' && path.startsWith('/api')) continue;
        expect((await send(app, { method, path })).status, `${method} ${path}`).toBe(405);
      }
    }
    await expectUnchanged();
  });
});
