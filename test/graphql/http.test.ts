import { describe, expect, it } from 'vitest';
import { startTestApp } from '../fixtures/test-app.ts';
import { send, startFleet, stateOf } from '../rest/support.ts';
import { CODES } from './support.ts';

const TOKEN = 'a-token-of-more-than-thirty-two-characters';
const MUTATION = 'mutation { setUserEnabled(id: 1, enabled: false) { user { id } } }';
const QUERY = encodeURIComponent('{ dashboard { totalUsers } }');

describe('POST /graphql', () => {
  it('accepts only JSON: requests that another site can send without a preflight are rejected with 415', async () => {
    const app = await startFleet();
    const before = await stateOf(app);
    const json = JSON.stringify({ query: MUTATION });
    const part = 'content-disposition: form-data; name="operations"';
    const multipart = `--x\r\n${part}\r\n\r\n${json}\r\n--x--\r\n`;
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', `query=${encodeURIComponent(MUTATION)}`],
      ['multipart/form-data; boundary=x', multipart],
      ['text/plain', json],
      ['text/plain; charset=application/json', json],
      ['application/graphql', MUTATION],
      ['application/jsonx', json],
      ['', json],
    ] as const) {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      const answer = await send(app, { method: 'POST', path: '/graphql', headers, body });
      expect(answer.status, type).toBe(415);
      expect(JSON.parse(answer.text).errors[0].extensions.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('reads the name of the media type in any case and with parameters', async () => {
    const app = await startFleet();
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON;charset=UTF-8',
    ]) {
      const headers = { 'content-type': type };
      const { text } = await send(app, {
        method: 'POST',
        path: '/graphql',
        headers,
        body: '{"query":"{ status { demo } }"}',
      });
      expect.soft(text, type).toBe('{"data":{"status":{"demo":false}}}');
    }
  });

  it('does not allow pages of other origins to read or send', async () => {
    const app = await startFleet();
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await send(app, {
        method,
        path: `/graphql?query=${QUERY}`,
        headers: {
          origin: 'http://page.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
      const names = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
      expect(names, method).toEqual([]);
    }
  });

  it('responds with the media type that a client of GraphQL over HTTP requests', async () => {
    const app = await startFleet();
    const accept = 'application/graphql-response+json';
    const { headers, text } = await app.post(
      '/graphql',
      { query: '{ dashboard { totalUsers } }' },
      { accept },
    );
    expect(headers.get('content-type')).toContain(accept);
    expect(JSON.parse(text)).toEqual({ data: { dashboard: { totalUsers: 2 } } });
  });
});

describe('GET /graphql', () => {
  it('names a parameter that is not JSON, without repeating its value', async () => {
    const app = await startFleet();
    for (const names of [['variables'], ['extensions'], ['variables', 'extensions']]) {
      const parameters = names.map((name) => `&${name}=%7Bsecret`).join('');
      for (const query of [`query=${QUERY}`, '']) {
        const { status, body } = await app.rest(`/graphql?${query}${parameters}`);
        expect(status).toBe(400);
        const [error] = body.errors;
        expect(error.extensions.code).toBe('INVALID_ARGUMENT');
        const fields = error.extensions.fields.map(({ field }: { field: string }) => field);
        expect(fields).toEqual(names);
        expect(error.message).not.toContain('secret');
      }
    }
    const empty = await app.rest(`/graphql?query=${QUERY}&variables=&extensions=`);
    expect(empty.body).toEqual({ data: { dashboard: { totalUsers: 2 } } });
  });

  it('executes queries and rejects mutations without any change', async () => {
    const app = await startFleet();
    const before = await stateOf(app);
    const query = await app.rest(`/graphql?query=${QUERY}`);
    expect(query.body).toEqual({ data: { dashboard: { totalUsers: 2 } } });
    const accept = { headers: { accept: 'application/json' } };
    const mutation = await app.rest(`/graphql?query=${encodeURIComponent(MUTATION)}`, accept);
    expect(mutation.status).toBe(405);
    expect(mutation.headers.get('allow')).toContain('POST');
    expect(CODES).toContain(mutation.body.errors[0].extensions.code);
    expect(await stateOf(app)).toEqual(before);
  });

  it.each<[string, Record<string, string>]>([
    ['no token', {}],
    ['a token', { WGQL_TOKEN: TOKEN }],
  ])('serves GraphiQL, which uses only this server, where %s is required', async (_, env) => {
    const app = await startTestApp({ env });
    const { status, headers, text } = await app.rest('/graphql', {
      headers: { accept: 'text/html' },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(text).toContain('wgql');
    const elsewhere = [
      ...text.matchAll(/<(?:script|link)\b[^>]*(?:src|href)="(https?:)?\/\/[^"]*"/g),
    ];
    expect(elsewhere.map(([tag]) => tag)).toEqual([]);
  });

  it('serves GraphiQL compressed to browsers that accept it', async () => {
    const app = await startTestApp();
    const load = (encoding: string) =>
      app.rest('/graphql', { headers: { accept: 'text/html', 'accept-encoding': encoding } });
    const [plain, compressed] = [await load('identity'), await load('gzip')];
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(compressed.headers.get('vary')).toContain('Accept-Encoding');
    // fetch has decompressed it.
    expect(compressed.text).toBe(plain.text);
    const [all, sent] = [plain, compressed].map(({ headers }) => headers.get('content-length'));
    expect(Number(sent)).toBeLessThan(Number(all) / 3);
  });
});

describe('health', () => {
  it('is alive and ready once WireGuard was read, and otherwise reports why', async () => {
    const app = await startTestApp({ prepare: (wg) => void wg.interface() });
    expect((await app.rest('/healthz')).body).toEqual({ status: 'ok' });
    await app.polled();
    const ready = await app.rest('/readyz');
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({ status: 'ok', message: null });
    app.wireguard.interface().unknown = { en: 'it sleeps', zh: '睡着了' };
    app.clock.advance(300_000);
    await app.polled();
    const english = await app.rest('/readyz');
    expect(english.status).toBe(503);
    expect(english.body).toEqual({ status: 'unavailable', message: 'wg0: it sleeps' });
    expect(english.headers.get('cache-control')).toBe('no-store');
    const chinese = await app.rest('/readyz', { headers: { 'accept-language': 'zh' } });
    expect(chinese.body.message).toBe('wg0：睡着了');
    expect((await app.rest('/healthz')).status).toBe(200);
  });
});
