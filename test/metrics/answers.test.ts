import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import { makeStaff, makeToken } from '../fixtures/tokens.ts';
import { send, startFleet } from '../rest/support.ts';
import { samplesIn, scrape } from './support.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('/metrics', () => {
  const open = shared(startFleet);

  it.each([
    [undefined, TEXT],
    ['*/*', TEXT],
    ['text/plain', TEXT],
    ['text/html,application/xhtml+xml,*/*;q=0.8', TEXT],
    ['application/json', TEXT],
    ['application/openmetrics-text', OPEN],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', OPEN],
    ['application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.5', TEXT],
    // Prometheus 2.42.
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      OPEN,
    ],
    // Prometheus 3.
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      OPEN,
    ],
    ['application/openmetrics-text;version=0.0.1', TEXT],
  ])('to a client that accepts %s has the type %s', async (accept, type) => {
    const app = await open();
    const answer = await send(app, { path: '/metrics', headers: accept ? { accept } : {} });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      vary: 'Accept, Accept-Encoding',
      'content-length': String(answer.bytes.length),
    });
    expect(answer.text.endsWith('# EOF\n')).toBe(type === OPEN);
  });

  it('has the same samples in both formats', async () => {
    const app = await open();
    const names = async (accept: string) => [...(await scrape(app, { accept })).keys()];
    expect(await names('application/openmetrics-text')).toEqual(await names('text/plain'));
  });

  it('is compressed for a client that accepts gzip', async () => {
    const app = await open();
    const headers = { 'accept-encoding': 'gzip' };
    const { bytes, headers: received } = await send(app, { path: '/metrics', headers });
    expect(received['content-encoding']).toBe('gzip');
    expect(received['content-length']).toBe(String(bytes.length));
    expect(samplesIn(gunzipSync(bytes).toString()).get('wgql_stale')).toBe('0');
    const plain = await send(app, { path: '/metrics', headers: { 'accept-encoding': 'br' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  it('answers HEAD with the headers alone, and no other method', async () => {
    const app = await open();
    const head = await send(app, { method: 'HEAD', path: '/metrics' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1_000);
    const { status, body } = await app.rest('/metrics', { method: 'POST' });
    expect(status).toBe(405);
    expect(body).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      message: expect.stringMatching(/GET/),
    });
    const chinese = { method: 'DELETE', headers: { 'accept-language': 'zh' } };
    expect((await app.rest('/metrics', chinese)).body.message).toMatch(/指标/);
  });

  it('has each name once in its head, before its samples', async () => {
    const app = await open();
    const { text } = await app.rest('/metrics');
    const heads = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(heads).size).toBe(heads.length);
    expect([...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name)).toEqual(heads);
  });
});

describe('/metrics once a token exists', () => {
  it('needs a token of at least a viewer', async () => {
    const app = await startFleet();
    expect((await app.rest('/metrics')).status).toBe(200);
    const { admin, operator, viewer } = await makeStaff(app);
    for (const { headers } of [admin, operator, viewer]) {
      expect((await app.rest('/metrics', { headers })).status).toBe(200);
    }
    const refused = await app.rest('/metrics');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(refused.body.code).toBe('UNAUTHENTICATED');
    const self = await makeToken(app, { name: 'bob', role: 'SELF', owner: 'Bob' }, admin.headers);
    const forbidden = await app.rest('/metrics', { headers: self.headers });
    expect(forbidden.status).toBe(403);
    expect(forbidden.text).not.toContain(app.online.publicKey);
  });
});
