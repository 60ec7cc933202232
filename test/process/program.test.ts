import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { namespaceScript, run, startProgram } from '../fixtures/program.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { DASHBOARD, openSocket, within } from '../live/support.ts';
import { temporaryFolder } from './support.ts';

const folder = temporaryFolder();

describe('the program', () => {
  it('logs JSON lines with its address and time zone, and exits on SIGTERM with 0 within five seconds, closing sockets with 1001', async () => {
    const program = await startProgram({
      cwd: folder.path,
      env: { ...folder.settings(), WGQL_TIME_ZONE: 'Asia/Shanghai' },
    });
    expect(program.started).toMatchObject({ url: program.url, timeZone: 'Asia/Shanghai' });
    const health = await fetch(`${program.url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const one = await openSocket(`${program.url.replace('http', 'ws')}/graphql`);
    one.send({ id: '1', type: 'subscribe', payload: { query: DASHBOARD } });
    await one.received('next', '1');
    const stream = await fetch(`${program.url}/graphql?query=${encodeURIComponent(DASHBOARD)}`, {
      headers: { accept: 'text/event-stream' },
    });
    const silent = connect(Number(new URL(program.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const started = performance.now();
    const { code, lines, stderr } = await program.stop('SIGTERM');
    expect(performance.now() - started).toBeLessThan(5_000);
    expect([code, stderr]).toEqual([0, '']);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
    expect(await within('the close', one.closed)).toBe(1001);
    expect(await within('the end of the stream', stream.text())).toContain('event: next');
    silent.destroy();
    expect(await readdir(folder.path)).toEqual(expect.arrayContaining(['wgql.db', 'wgql.key']));
  });

  it('goes on after SIGHUP, which asks for a reload', async () => {
    const program = await startProgram({ cwd: folder.path, env: folder.settings() });
    program.signal('SIGHUP');
    await waitFor('the log', async () =>
      program.lines.some((line) => line.includes('nothing to reload')),
    );
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
    expect((await program.stop('SIGTERM')).code).toBe(0);
  });

  const upgrade =
    'Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  it('survives upgrades to an invalid path, and invalid requests', async () => {
    const program = await startProgram({ cwd: folder.path, env: folder.settings() });
    for (const request of [
      `GET // HTTP/1.1\r\n${upgrade}`,
      `GET http:// HTTP/1.1\r\n${upgrade}`,
      'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      'GET //[ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      'GET //graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      'GET /graphql?query=%ff HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      'POST /api/users HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"a"',
      'nonsense\r\n\r\n',
    ]) {
      const socket = connect(Number(new URL(program.url).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.end(request);
      await within(
        request.slice(0, 20),
        readText(socket).catch(() => ''),
      );
      const alive = await fetch(`${program.url}/healthz`).catch(() => null);
      expect(alive?.status, request).toBe(200);
    }
    expect((await program.stop('SIGINT')).code).toBe(0);
  });
});

describe('a program without WireGuard', () => {
  it.runIf(process.getuid?.() === 0)(
    'is alive, and is not ready, with a message that says what to do',
    async () => {
      const { stdout, stderr } = await run({
        cwd: folder.path,
        env: { ...folder.settings(), WGQL_PORT: '8123', WGQL_INTERFACES: '' },
        script: namespaceScript('http://127.0.0.1:8123', ['/healthz', '/readyz', '/api/status']),
      });
      const answers = stdout
        .split('\n')
        .filter((line) => line.startsWith('ANSWER '))
        .map((line) => JSON.parse(line.slice(7)));
      expect(answers, stderr).toMatchObject([
        { status: 200, body: { status: 'ok' } },
        {
          status: 503,
          body: {
            status: 'unavailable',
            message: expect.stringMatching(/^There is no WireGuard interface/),
          },
        },
        { status: 200, body: { interface: '', running: 1, total: 0, last_poll: null } },
      ]);
    },
  );
});
