import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/process/log.ts';
import { shutdown } from '../../src/process/shutdown.ts';
import { fakeWireGuard } from '../fixtures/fake-wireguard.ts';
import { type Ended, launchProgram, type Program, startProgram } from '../fixtures/program.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { DASHBOARD, openSocket, within } from '../live/support.ts';
import { temporaryFolder } from './support.ts';

const STOP_WITHIN_MS = 5_000;

const folder = temporaryFolder();

type Listening = Pick<Program, 'url'>;

async function rawConnection({ url }: Listening, text = ''): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

function create(log = pino({ enabled: false })): App {
  const clock = testClock();
  const config = readConfig({ ...folder.settings(), WGQL_PORT: '0', WGQL_TIME_ZONE: 'UTC' });
  return createApp(config, { clock, wireguard: fakeWireGuard(clock), log });
}

async function stopOf(program: Program, signals: readonly NodeJS.Signals[] = ['SIGTERM']) {
  const began = performance.now();
  for (const signal of signals.slice(1)) program.signal(signal);
  const ended = await within('the stop', program.stop(signals[0] as NodeJS.Signals), 20_000);
  return { ...ended, ms: performance.now() - began };
}

function expectClean(ended: Ended & { readonly ms: number }): void {
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.ms).toBeLessThan(STOP_WITHIN_MS);
  // SQLite removes it when the last connection closes.
  expect(existsSync(join(folder.path, 'wgql.db-wal'))).toBe(false);
}

const CLIENTS: readonly [string, (program: Listening) => Promise<unknown>][] = [
  [
    'a WebSocket that reads nothing',
    async (program) => {
      const one = await openSocket(`${program.url.replace('http', 'ws')}/graphql`);
      one.send({ id: '1', type: 'subscribe', payload: { query: DASHBOARD } });
      await one.received('next', '1');
      one.socket.pause();
    },
  ],
  [
    'an event stream that is not read',
    async (program) => {
      const query = encodeURIComponent(DASHBOARD);
      const socket = await rawConnection(
        program,
        `GET /graphql?query=${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`,
      );
      await once(socket, 'readable');
    },
  ],
  [
    'a request that is half sent',
    (program) =>
      rawConnection(
        program,
        'POST /api/users HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
      ),
  ],
  ['headers that are half sent', (program) => rawConnection(program, 'GET / HTTP/1.1\r\nHost')],
  [
    'an idle connection',
    async (program) => {
      const socket = await rawConnection(
        program,
        'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      );
      await once(socket, 'data');
    },
  ],
  [
    'a refused upgrade that is not read',
    (program) =>
      rawConnection(
        program,
        'GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      ),
  ],
];

describe('a stop', () => {
  it.each(CLIENTS)('ends all within five seconds despite %s', async (_, client) => {
    const app = create();
    await app.start();
    await client(app);
    const began = performance.now();
    await app.stop();
    expect(performance.now() - began).toBeLessThan(STOP_WITHIN_MS);
    expect(existsSync(join(folder.path, 'wgql.db-wal'))).toBe(false);
  });

  it('logs how many connections it had to cut', async () => {
    const lines: string[] = [];
    const app = create(pino({}, { write: (line) => void lines.push(JSON.parse(line).msg) }));
    await app.start();
    await CLIENTS[0]?.[1](app);
    await app.stop();
    expect(
      lines.filter((line) => /Connections destroyed at the stop.*: 1\./.test(line)),
    ).toHaveLength(1);
  });

  it('exits within five seconds with 0 despite all of them, also when it is requested again', async () => {
    const program = await startProgram({ cwd: folder.path, env: folder.settings() });
    for (const [, client] of CLIENTS) await client(program);
    expectClean(await stopOf(program, ['SIGTERM', 'SIGTERM', 'SIGINT']));
  });
});

describe('a stop of a start', () => {
  it.each([0, 1, 2, 5, 10, 20, 50, 100])(
    'ends it and releases the database, %i turns of the event loop after it began',
    async (turns) => {
      const app = create();
      const outcome = app.start().then(
        () => 'started',
        (error: Error) => error.name,
      );
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      await within('the stop', app.stop());
      expect(['started', 'StartInterrupted']).toContain(await outcome);
      expect(existsSync(join(folder.path, 'wgql.db-wal'))).toBe(false);
      const next = create();
      await next.start();
      await next.stop();
    },
  );

  it('by a signal exits with 0', async () => {
    const program = launchProgram({ cwd: folder.path, env: folder.settings() });
    await once(program.child.stdout as Readable, 'data');
    program.child.kill('SIGTERM');
    expect(await within('the end', program.closed)).toBe(0);
    expect(existsSync(join(folder.path, 'wgql.db-wal'))).toBe(false);
  });
});

describe('a stop of a program whose WireGuard does not answer', () => {
  it('skips the last poll, logs that, and closes the database', async () => {
    const clock = testClock();
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(JSON.parse(line).msg) });
    const config = readConfig({ ...folder.settings(), WGQL_PORT: '0', WGQL_TIME_ZONE: 'UTC' });
    const wireguard = fakeWireGuard(clock);
    const app = createApp(config, {
      clock,
      log,
      wireguard: { ...wireguard, read: () => new Promise(() => {}) },
    });
    await app.start();
    const began = performance.now();
    await app.stop();
    expect(performance.now() - began).toBeLessThan(STOP_WITHIN_MS);
    expect(lines.join()).toMatch(/did not wait longer than .* for the last poll/);
    expect(existsSync(join(folder.path, 'wgql.db-wal'))).toBe(false);
  });
});

describe('the parts of the program', () => {
  it('all end in reverse order, even if one fails or hangs', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(JSON.parse(line).msg) });
    const parts = shutdown(createLog(log, 'en'));
    const ended: string[] = [];
    const add = (name: string, end: () => Promise<void> | void) =>
      parts.add({ name: { en: name, zh: name }, withinMs: 20, end });
    add('the database', () => void ended.push('database'));
    add('what fails', () => Promise.reject(new Error('broken')));
    add('what hangs', () => new Promise(() => {}));
    add('the first', () => void ended.push('first'));
    await parts.run();
    expect(ended).toEqual(['first', 'database']);
    expect(lines).toEqual([
      'The stop did not wait longer than 20 ms for what hangs.',
      'The stop could not end what fails properly.',
    ]);
    await parts.run();
    expect(ended).toHaveLength(2);
  });
});
