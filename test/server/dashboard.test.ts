import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import { makeStaff } from '../fixtures/tokens.ts';
import { startFleet } from '../rest/support.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** `fetch` would decompress the body and clean the path. */
function get(url: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
    });
    sent.on('error', reject).end();
  });
}

describe('the files of the dashboard', () => {
  const app = shared(() => startFleet());
  const scriptOf = (page: Answer) =>
    /src="(\/assets\/[^"]+\.js)"/.exec(String(page.body))?.[1] ?? '';

  it.each([
    '/',
    '/users',
    '/users/7',
    '/events',
    '/audit',
    '/settings',
    '/settings/tokens',
    '/?a=b',
  ])('begin with the same page at %s', async (path) => {
    const { status, headers, body } = await get(app().url, path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(String(body)).toContain('<div id="root">');
  });

  it('run under a policy that permits nothing from elsewhere and no inline script', async () => {
    const { headers } = await get(app().url, '/');
    expect(headers['content-security-policy']).toBe(
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join('; '),
    );
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('are kept by browsers for ever, but for the page that names them', async () => {
    const page = await get(app().url, '/');
    expect(page.headers['cache-control']).toBe('no-cache');
    const script = await get(app().url, scriptOf(page));
    expect(script.status).toBe(200);
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it('are sent in the smallest form that the client reads', async () => {
    const { url } = app();
    const path = scriptOf(await get(url, '/'));
    const accepting = (encodings: string) => get(url, path, { 'accept-encoding': encodings });
    const [plain, zipped, brotli] = await Promise.all([
      accepting('identity'),
      accepting('gzip, deflate'),
      accepting('gzip, deflate, br, zstd'),
    ]);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(brotli.headers['content-encoding']).toBe('br');
    for (const { headers } of [plain, zipped, brotli])
      expect(headers.vary).toMatch(/Accept-Encoding/);
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    expect(brotli.body.length).toBeLessThan(zipped.body.length);
  });

  it.each([
    '/assets/none.js',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/assets/',
    '/index.html',
    '/user',
    '/users/7/8',
    '/Users',
  ])('are all that is sent: %s is not found', async (path) => {
    const { status, headers } = await get(app().url, path);
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('application/json');
  });

  it('name the licences of the packages in them', async () => {
    const { status, headers, body } = await get(app().url, '/licences.txt');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(String(body)).toMatch(/^react \d/m);
  });

  it('need no token, for they hold no data', async () => {
    const own = await startFleet();
    await makeStaff(own);
    const page = await get(own.url, '/');
    expect(page.status).toBe(200);
    expect((await get(own.url, scriptOf(page))).status).toBe(200);
    expect((await get(own.url, '/api/users')).status).toBe(401);
  });

  it('are refused to a host name that is not configured, as everything else is', async () => {
    const { status } = await get(app().url, '/', { host: 'elsewhere.example' });
    expect(status).toBe(403);
  });
});
