import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { makeStaff } from '../fixtures/tokens.ts';
import { send, startFleet } from '../rest/support.ts';
import { samplesIn } from './support.ts';

const LISTEN = { WGQL_METRICS_LISTEN: '127.0.0.1:0' };

/** The same program, asked at its listener for metrics. */
function metricsOf(app: TestApp): TestApp {
  return { ...app, url: app.app.metricsUrl ?? '' };
}

describe('the listener for metrics', () => {
  it('exists only if it is configured', async () => {
    const app = await startFleet();
    expect(app.app.metricsUrl).toBeNull();
  });

  it('needs no token, and has the same samples as the main address', async () => {
    const app = await startFleet({ env: LISTEN });
    const { viewer } = await makeStaff(app);
    const { status, headers, text } = await send(metricsOf(app), { path: '/metrics?a=b' });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const main = await app.rest('/metrics', { headers: viewer.headers });
    expect([...samplesIn(text).keys()]).toEqual([...samplesIn(main.text).keys()]);
  });

  it.each(['/', '/graphql', '/api', '/healthz', '/metrics/', '/c/name'])(
    'has no other path, such as %s',
    async (path) => {
      const app = await startFleet({ env: LISTEN });
      const { status, text } = await send(metricsOf(app), { path });
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('/metrics'),
      });
      const chinese = await send(metricsOf(app), { path, headers: { 'accept-language': 'zh' } });
      expect(JSON.parse(chinese.text).message).toContain('此地址');
    },
  );

  it('answers GET and HEAD alone', async () => {
    const app = await startFleet({ env: LISTEN });
    const head = await send(metricsOf(app), { method: 'HEAD', path: '/metrics' });
    expect(head).toMatchObject({ status: 200, text: '' });
    const post = await send(metricsOf(app), { method: 'POST', path: '/metrics', body: 'x' });
    expect(post.status).toBe(405);
    expect(post.headers.allow).toBe('GET, HEAD');
  });

  it('refuses names that are not configured, because a web page could read it under its own', async () => {
    const app = await startFleet({ env: { ...LISTEN, WGQL_ALLOWED_HOSTS: 'vpn.example' } });
    const asked = async (host: string) =>
      (await send(metricsOf(app), { path: '/metrics', headers: { host } })).status;
    expect(await asked('evil.example:9586')).toBe(403);
    expect(await asked('vpn.example:9586')).toBe(200);
    expect(await asked('localhost:9586')).toBe(200);
    expect(await asked('192.0.2.1:9586')).toBe(200);
  });

  it('is closed when the program stops', async () => {
    const app = await startFleet({ env: LISTEN });
    const { url } = metricsOf(app);
    await fetch(`${url}/metrics`).then((response) => response.text());
    await app.restart({ WGQL_METRICS_LISTEN: '' });
    await expect(fetch(`${url}/metrics`)).rejects.toThrow();
    expect(app.app.metricsUrl).toBeNull();
  });

  it('is in the log with its address', async () => {
    const app = await startFleet({ env: LISTEN });
    expect(app.log.filter((line) => line.includes(`${app.app.metricsUrl}/metrics`))).toHaveLength(
      1,
    );
    expect(app.log.filter((line) => line.includes('not a loopback address'))).toEqual([]);
  });

  it('is warned of where other machines may reach it', async () => {
    const app = await startFleet({ env: { WGQL_METRICS_LISTEN: '0.0.0.0:0' } });
    expect(
      app.log.filter((line) => line.includes('WGQL_METRICS_LISTEN is not a loopback address')),
    ).toHaveLength(1);
  });

  it('prevents the start if its port is in use, and says which setting it has', async () => {
    const taken = createTcpServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const env = { WGQL_METRICS_LISTEN: `127.0.0.1:${port}` };
    await expect(startTestApp({ env })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use; stop the other program or set WGQL_METRICS_LISTEN.`,
    );
  });
});
