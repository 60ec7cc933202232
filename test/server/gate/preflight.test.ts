import { describe, expect, it } from 'vitest';
import { shared } from '../../fixtures/shared.ts';
import type { TestApp } from '../../fixtures/test-app.ts';
import { send, startFleet } from '../../rest/support.ts';
import { jsonPost, stateKept, TOKEN, withHeaders } from '../support.ts';

const ORIGIN = 'http://localhost:5173';

/** Headers added by Apollo Client, urql, browser tracing and error reporting. */
const CLIENT_HEADERS = [
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-apollo-operation-type',
  'x-apollo-operation-id',
  'graphql-require-preflight',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
  'x-request-id',
  'X-Requested-With',
];

async function ask(app: TestApp, path: string, origin: string, requested: readonly string[]) {
  const { status, headers } = await send(app, {
    method: 'OPTIONS',
    path,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': requested.join(','),
    },
  });
  const listed = String(headers['access-control-allow-headers'] ?? '');
  return { status, headers, allowed: listed.split(',').map((name) => name.trim()) };
}

describe('a preflight', () => {
  const fleet = shared(() => startFleet());
  const named = shared(() => startFleet({ env: { WGQL_CORS_ORIGINS: ORIGIN } }));

  it('of a named origin allows the headers that its client adds, and the request is served', async () => {
    const app = named();
    for (const path of ['/graphql', '/api/users']) {
      const asked = ['content-type', 'authorization', ...CLIENT_HEADERS];
      const { status, headers, allowed } = await ask(app, path, ORIGIN, asked);
      expect(status).toBe(204);
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      expect(allowed, path).toEqual(['Content-Type', 'Authorization', ...CLIENT_HEADERS]);
    }
    const sent = Object.fromEntries(CLIENT_HEADERS.map((name) => [name, 'x']));
    const query = jsonPost('/graphql', { query: '{ status { demo } }' });
    const answer = await send(
      app,
      withHeaders(query, { ...sent, origin: ORIGIN, 'sec-fetch-site': 'cross-site' }),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN);
  });

  it('of any path is answered, even of one that does not exist', async () => {
    const app = fleet();
    for (const path of ['/', '/nothing', '/API/users', '/api/nothing', '/healthz', '/readyz']) {
      const { status, headers, allowed } = await ask(app, path, ORIGIN, ['x-request-id']);
      expect.soft(status, path).toBe(204);
      expect.soft(headers['access-control-allow-origin'], path).toBe('*');
      expect.soft(allowed, path).toEqual(['Content-Type', 'Authorization', 'x-request-id']);
    }
    expect((await send(app, { path: '/nothing' })).status).toBe(404);
  });

  it('of any origin does so if a token is required, which the page must have', async () => {
    const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
    const { headers, allowed } = await ask(app, '/graphql', 'http://any.example', CLIENT_HEADERS);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(allowed).toEqual(expect.arrayContaining(CLIENT_HEADERS));
  });

  it('of another origin allows nothing if no token is required', async () => {
    for (const app of [fleet(), named()]) {
      const expectUnchanged = await stateKept(app);
      const { headers } = await ask(app, '/graphql', 'http://evil.example', CLIENT_HEADERS);
      expect(headers['access-control-allow-origin']).toBeUndefined();
      const forged = await send(
        app,
        withHeaders(jsonPost('/graphql', { query: '{ status { demo } }' }), {
          origin: 'http://evil.example',
          'sec-fetch-site': 'cross-site',
          'apollo-require-preflight': 'true',
        }),
      );
      expect(forged.status).toBe(403);
      await expectUnchanged();
    }
  });

  it('allows no headers of proxies, no wildcard, and no text that is not a name', async () => {
    const app = named();
    const refused = [
      'x-forwarded-for',
      'X-Forwarded-Proto',
      'forwarded',
      'x-real-ip',
      'via',
      '*',
      'a b',
      'a:b',
      '<script>',
      'x'.repeat(65),
      '',
    ];
    const many = Array.from({ length: 100 }, (_, index) => `x-${index}`);
    for (const path of ['/graphql', '/api/users']) {
      const { allowed } = await ask(app, path, ORIGIN, [...refused, 'X-Trace', 'x-trace']);
      expect(allowed).toEqual(['Content-Type', 'Authorization', 'X-Trace', 'x-trace']);
      expect((await ask(app, path, ORIGIN, many)).allowed).toHaveLength(34);
    }
  });
});
