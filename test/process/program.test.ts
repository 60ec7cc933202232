import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namespaceScript, run, startProgram } from '../fixtures/program.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { DASHBOARD, openSocket, within } from '../live/support.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-process-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settings = () => ({ WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}` });

describe('the command line', () => {
  /** Runs the command with an nft that leaves a mark when it is called. */
  const command = async (...args: string[]) => {
    const marker = join(folder, 'called');
    await writeFile(join(folder, 'nft'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    const PATH = `${folder}:${process.env.PATH}`;
    const ended = await run({ cwd: folder, env: { ...settings(), PATH, WGQL_MANAGE: 'on' }, args });
    const left = (await readdir(folder)).filter((name) => name !== 'nft');
    return { ...ended, left };
  };

  it.each([
    ['--help'],
    ['-h'],
    ['help'],
    ['help', 'cleanup'],
    ['cleanup', '--help'],
    ['cleanup', '-h'],
    ['demo', '--help'],
    ['backup', '--help'],
    ['backup', 'file', '-h'],
    ['token', '--help'],
    ['token', 'create', '--name', 'a', '--role', 'admin', '--help'],
  ])('only prints the help if it is requested: %s %s', async (...args) => {
    const { code, stdout, left } = await command(...args.filter((arg) => arg !== undefined));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wgql/);
    expect(stdout).toMatch(/[\u4e00-\u9fff]/);
    expect(left).toEqual([]);
  });

  it.each([
    [['cleanpu'], /"cleanpu" is not a valid argument; did you mean cleanup\?/],
    [['nonsense'], /"nonsense" is not a valid argument\./],
    [['--verbose'], /"--verbose" is not a valid argument/],
    [['cleanup', 'now'], /"now" is not a valid argument/],
    [['cleanup', '--force'], /"--force" is not a valid argument/],
    [['demo', 'extra'], /"extra" is not a valid argument/],
    [['demo', '--port', '1'], /"--port" is not a valid argument/],
    [['version', 'x'], /"x" is not a valid argument/],
    [['help', 'tokne'], /"tokne" is not a valid argument; did you mean token\?/],
    [['token', 'creat'], /"creat" is not a valid argument; did you mean create\?/],
    [['token', 'create', '--nmae', 'a'], /"--nmae" is not a valid argument; did you mean --name\?/],
    [['token', 'create', '--name'], /--name must be followed by a value/],
    [['token', 'list', 'all'], /"all" is not a valid argument/],
    [['backup', '--to', 'x'], /"--to" is not a valid argument/],
  ])('reports unknown arguments, and does nothing: %j', async (args, problem) => {
    const { code, stdout, stderr, left } = await command(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(problem);
    expect(stderr).toMatch(/无法识别|需要一个值/);
    expect(left).toEqual([]);
  });

  it.each(['version', '--version', '-V'])('prints its version: %s', async (word) => {
    const { code, stdout } = await command(word);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  it('reports what it cleaned up, and unknown settings', async () => {
    const cleaned = await command('cleanup');
    expect(cleaned.stderr).toMatch(/Removed the nftables table "inet wgql"/);
    const misspelt = await run({
      cwd: folder,
      env: { ...settings(), WGQL_MANGE: 'on' },
      args: ['token', 'list'],
    });
    expect(misspelt.stderr).toMatch(/WGQL_MANGE is not a setting.*WGQL_MANAGE/);
  });

  it('removes nothing under WGQL_MANAGE=off, and does not even call nft', async () => {
    const marker = join(folder, 'called');
    await writeFile(join(folder, 'nft'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    const PATH = `${folder}:${process.env.PATH}`;
    const cleanUp = (manage: string) =>
      run({ cwd: folder, env: { PATH, WGQL_MANAGE: manage }, args: ['cleanup'] });
    const refused = await cleanUp('off');
    expect([refused.code, existsSync(marker)]).toEqual([1, false]);
    expect(refused.stderr).toContain('WGQL_MANAGE=off');
    expect([(await cleanUp('on')).code, existsSync(marker)]).toEqual([0, true]);
  });
});

describe('the program refuses to start', () => {
  it('with all mistakes in the settings reported together', async () => {
    const { code, stdout, stderr } = await run({
      cwd: folder,
      env: {
        WGQL_PORT: '80a',
        WGQL_POLL_INTERVAL_MS: '5',
        WGQL_TIME_ZONE: 'Mars/Olympus',
        WGQL_MANAGE: 'perhaps',
        WGQL_TOKEN: 'short',
        WGQL_HOST: '0.0.0.0',
        WGQL_DATABASE_URL: 'mysql://x',
        WGQL_INTERFACES: 'wg0,a name with spaces',
        WGQL_LOG_LEVEL: 'loud',
      },
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    for (const name of [
      'WGQL_PORT',
      'WGQL_POLL_INTERVAL_MS',
      'WGQL_TIME_ZONE',
      'WGQL_MANAGE',
      'WGQL_TOKEN',
      'WGQL_DATABASE_URL',
      'WGQL_INTERFACES',
      'WGQL_LOG_LEVEL',
    ]) {
      expect(stderr).toMatch(new RegExp(`^${name} (must|contains)`, 'm'));
      expect(stderr).toMatch(new RegExp(`^${name} .*[\\u4e00-\\u9fff]`, 'm'));
    }
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain('short');
    expect(await readdir(folder)).toEqual([]);
  });

  it('when its port is in use, with one sentence', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const { code, stderr } = await run({
      cwd: folder,
      env: { ...settings(), WGQL_PORT: String(port) },
    });
    holder.close();
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      `Port ${port} on 127.0.0.1 is in use; stop the other program or set WGQL_PORT.`,
      `127.0.0.1 的端口 ${port} 已被占用；请停止占用它的程序或设置 WGQL_PORT。`,
    ]);
  });

  it('when its database cannot be written, with one sentence', async () => {
    await writeFile(join(folder, 'file'), 'no folder');
    await writeFile(join(folder, 'text.db'), 'This is no database. '.repeat(500));
    for (const path of [join(folder, 'file', 'wgql.db'), join(folder, 'text.db'), folder]) {
      const { code, stderr } = await run({
        cwd: folder,
        env: { WGQL_DATABASE_URL: `file:${path}` },
      });
      expect(code).toBe(1);
      const lines = stderr.trim().split('\n');
      expect(lines).toHaveLength(2);
      expect(lines[0]).toContain(path);
      expect(lines[1]).toMatch(/[\u4e00-\u9fff]/);
    }
  });
});

describe('the program', () => {
  it('logs JSON lines with the address that it listens on and its time zone', async () => {
    const program = await startProgram({
      cwd: folder,
      env: { ...settings(), WGQL_TIME_ZONE: 'Asia/Shanghai' },
    });
    expect(program.started).toMatchObject({ url: program.url, timeZone: 'Asia/Shanghai' });
    const health = await fetch(`${program.url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const { code, lines, stderr } = await program.stop('SIGINT');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['wgql.db', 'wgql.key']));
  });

  it('exits on SIGTERM with 0 within five seconds, closing sockets with 1001', async () => {
    const program = await startProgram({ cwd: folder, env: settings() });
    const one = await openSocket(`${program.url.replace('http', 'ws')}/graphql`);
    one.send({ id: '1', type: 'subscribe', payload: { query: DASHBOARD } });
    await one.received('next', '1');
    const stream = await fetch(`${program.url}/graphql?query=${encodeURIComponent(DASHBOARD)}`, {
      headers: { accept: 'text/event-stream' },
    });
    const silent = connect(Number(new URL(program.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const started = performance.now();
    const { code, stderr } = await program.stop('SIGTERM');
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(code, stderr).toBe(0);
    expect(await within('the close', one.closed)).toBe(1001);
    expect(await within('the end of the stream', stream.text())).toContain('event: next');
    silent.destroy();
  });

  const upgrade =
    'Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  it.each([
    [
      'upgrades to an invalid path',
      [`GET // HTTP/1.1\r\n${upgrade}`, `GET http:// HTTP/1.1\r\n${upgrade}`],
    ],
    [
      'an invalid request',
      [
        'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
        'GET //[ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
        'GET //graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
        'GET /graphql?query=%ff HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
        'POST /api/users HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"a"',
        'nonsense\r\n\r\n',
      ],
    ],
  ])('survives %s', async (_, requests) => {
    const program = await startProgram({ cwd: folder, env: settings() });
    for (const request of requests) {
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
    expect((await program.stop('SIGTERM')).code).toBe(0);
  });
});

describe('the demo', () => {
  it('is reported in the log and the status, and keeps its data separate', async () => {
    const program = await startProgram({ cwd: folder, args: ['demo'] });
    expect(program.lines.some((line) => /demo/i.test(JSON.parse(line).msg))).toBe(true);
    const status = (await (await fetch(`${program.url}/api/status`)).json()) as Record<
      string,
      unknown
    >;
    expect(status.demo).toBe(1);
    const answer = await fetch(`${program.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ status { demo interfaces { name } } users(first: 1) { totalCount } }"}',
    });
    const { data } = (await answer.json()) as { data: { users: { totalCount: number } } };
    expect(data).toMatchObject({ status: { demo: true } });
    expect(data.users.totalCount).toBeGreaterThan(10);
    await program.stop('SIGTERM');
    expect(existsSync(join(folder, 'data', 'demo', 'wgql.db'))).toBe(true);
    expect(await readdir(join(folder, 'data'))).toEqual(['demo']);
  });

  it('applies all requested changes', async () => {
    const program = await startProgram({
      cwd: folder,
      args: ['demo'],
      env: { WGQL_POLL_INTERVAL_MS: '100', WGQL_MANAGE: 'on', WGQL_INTERFACES: '' },
    });
    const graphql = async (query: string) => {
      const answer = await fetch(`${program.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      const { data, errors } = (await answer.json()) as { data: never; errors?: unknown };
      expect(errors).toBeUndefined();
      return data as Record<string, { user: { id: string } }>;
    };
    await waitFor('the first poll', async () => (await fetch(`${program.url}/readyz`)).ok);
    const { provisionUser } = await graphql(
      'mutation { provisionUser(input: { nickname: "phone", persistentKeepalive: 25 }) { configuration user { id } } }',
    );
    const id = provisionUser?.user.id;
    const settles = (state: string) =>
      waitFor(`${state}`, async () => {
        const { user } = (await graphql(
          `{ user(id: "${id}") { enforcement { applied lastError } } }`,
        )) as never as { user: { enforcement: { applied: string; lastError: string | null } } };
        return user.enforcement.applied === state && user.enforcement.lastError === null;
      });
    await settles('PRESENT');
    await graphql(
      `mutation { updateUser(id: "${id}", input: { allowedIps: ["10.99.0.200/32"], bandwidthLimit: 10, dataLimit: 5, quotaPeriod: DAY, presharedKey: null, persistentKeepalive: 0 }) { user { id } } }`,
    );
    await settles('PRESENT');
    await graphql(`mutation { setUserEnabled(id: "${id}", enabled: false) { user { id } } }`);
    await settles('ABSENT');
    await graphql(`mutation { setUserEnabled(id: "${id}", enabled: true) { user { id } } }`);
    await settles('PRESENT');
    await graphql(`mutation { kickUser(id: "${id}") { user { id } } }`);
    await graphql(`mutation { resetTraffic(id: "${id}") { user { id } } }`);
    await settles('PRESENT');
    await graphql(`mutation { deleteUser(id: "${id}") { deletedId } }`);
    const { status } = (await graphql('{ status { lastError } }')) as never as {
      status: { lastError: string | null };
    };
    expect(status.lastError).toBeNull();
    await program.stop('SIGTERM');
  });
});

describe('a program without WireGuard', () => {
  it.runIf(process.getuid?.() === 0)(
    'is alive, and is not ready, with a message that says what to do',
    async () => {
      const { stdout, stderr } = await run({
        cwd: folder,
        env: { ...settings(), WGQL_PORT: '8123', WGQL_INTERFACES: '' },
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
