import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bearer } from '../fixtures/tokens.ts';
import { type Fleet, send, startFleet } from '../rest/support.ts';

const LISTS = ['/api/users', '/api/users/management?status=online', '/api/users?page=1&per_page=1'];

const get = (app: Fleet, path: string, headers: Record<string, string> = {}) =>
  app.rest(path, { headers });

describe('an answer that lists users', () => {
  it.each(LISTS)('is the same when it is sent again, until a user changes: %s', async (path) => {
    const app = await startFleet();
    const [first, again] = [await get(app, path), await get(app, path)];
    const withoutDate = ({ headers }: typeof first) =>
      Object.fromEntries([...headers].filter(([name]) => name !== 'date'));
    expect(again.text).toBe(first.text);
    expect(withoutDate(again)).toEqual(withoutDate(first));
    await app.post('/api/users/1/update', { nickname: 'Ada' });
    const changed = await get(app, path);
    expect(changed.text).toContain('Ada');
    expect(changed.headers.get('etag')).not.toBe(first.headers.get('etag'));
  });

  it('shows the bytes and the presence of the last poll', async () => {
    const app = await startFleet();
    await get(app, '/api/users');
    app.online.rxBytes += 1_000n;
    app.clock.advance(400_000);
    await app.polled();
    const [user] = (await get(app, '/api/users')).body;
    expect(user).toMatchObject({ status: 0 });
    expect(user.total_rx).toBeGreaterThanOrEqual(1_000);
  });

  it('is answered with 304 to a client that has it', async () => {
    const app = await startFleet();
    const first = await get(app, '/api/users');
    const tag = first.headers.get('etag') ?? '';
    for (const known of [tag, `"other", ${tag}`, tag.replace('W/', ''), '*']) {
      const again = await get(app, '/api/users', { 'if-none-match': known });
      expect(again, known).toMatchObject({ status: 304, text: '' });
      expect(again.headers.get('etag')).toBe(tag);
    }
    expect((await get(app, '/api/users', { 'if-none-match': '"other"' })).status).toBe(200);
    await app.post('/api/users/1/update', { nickname: 'Ada' });
    expect((await get(app, '/api/users', { 'if-none-match': tag })).status).toBe(200);
  });

  it('is compressed as the client asks', async () => {
    const app = await startFleet();
    const plain = (await get(app, '/api/users')).text;
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
    for (let round = 0; round < 2; round++) {
      for (const [name, decode] of Object.entries(unpack)) {
        const { bytes, headers } = await send(app, {
          path: '/api/users',
          headers: { 'accept-encoding': name },
        });
        expect(headers['content-encoding']).toBe(name);
        expect(Number(headers['content-length'])).toBe(bytes.length);
        expect(decode(bytes).toString()).toBe(plain);
      }
    }
    const refused = { 'accept-encoding': 'br;q=0, gzip;q=0' };
    expect((await get(app, '/api/users', refused)).headers.get('content-encoding')).toBeNull();
  });

  it('has no body for HEAD, and the same headers', async () => {
    const app = await startFleet();
    const whole = await get(app, '/api/users');
    const head = await app.rest('/api/users', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    for (const name of ['etag', 'content-length', 'x-total-count', 'content-type']) {
      expect(head.headers.get(name), name).toBe(whole.headers.get(name));
    }
  });

  it('shows no personal data to a viewer, whoever asked before', async () => {
    const own = 'a-token-of-more-than-thirty-two-characters';
    const app = await startFleet({ env: { WGQL_TOKEN: own } });
    await app.post('/api/users/1/update', { mail: 'ada@example.com' }, bearer(own));
    const { data } = await app.graphql(
      'mutation { createToken(input: { name: "reader", role: VIEWER }) { secret token { id } } }',
      {},
      bearer(own),
    );
    const reader = bearer(data.createToken.secret);
    for (let round = 0; round < 2; round++) {
      expect((await get(app, '/api/users', bearer(own))).text).toContain('ada@example.com');
      expect((await get(app, '/api/users', reader)).text).not.toContain('ada@example.com');
    }
    const tag = (await get(app, '/api/users', reader)).headers.get('etag') ?? '';
    const known = { ...bearer(own), 'if-none-match': tag };
    expect((await get(app, '/api/users', known)).status).toBe(200);
    const revoke = 'mutation ($id: ID!) { revokeToken(id: $id) { token { name } } }';
    await app.graphql(revoke, { id: data.createToken.token.id }, bearer(own));
    expect((await get(app, '/api/users', reader)).status).toBe(401);
    expect((await get(app, '/api/users')).status).toBe(401);
  });

  it('is refused to a page of another origin as if it were not kept', async () => {
    const app = await startFleet();
    await get(app, '/api/users');
    expect((await get(app, '/api/users', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const { status } = await send(app, { path: '/api/users', headers: { host: 'evil.example' } });
    expect(status).toBe(403);
  });
});
