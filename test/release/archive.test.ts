import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, startProgram } from '../fixtures/program.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { startCollector } from '../tracing/support.ts';
import {
  addProgram,
  makeRelease,
  manifest,
  pathWithoutNpm,
  ROOT,
  readOnly,
  removeAll,
  runFile,
  setFolderModes,
} from './support.ts';

let version = '';
let release = '';
let archive = '';
let installed = '';
let folder = '';
let path = '';

beforeAll(async () => {
  version = (await manifest()).version as string;
  archive = `wgql-${version}-linux-${process.arch}`;
  release = await makeRelease();
  folder = await mkdtemp(join(tmpdir(), 'wgql-installed-'));
  await runFile('tar', ['-xzf', join(release, `${archive}.tar.gz`), '-C', folder]);
  installed = join(folder, archive);
  await setFolderModes(installed, 0o555);
  path = await pathWithoutNpm();
});

afterAll(async () => {
  await setFolderModes(installed, 0o755);
  await removeAll([release, folder, path]);
});

/** A folder for data, which no test shares. */
async function dataFolder(): Promise<string> {
  return mkdtemp(join(folder, 'data-'));
}

/** The answers of a server that show that it is complete. */
async function answersOf(url: string) {
  await waitFor('the first poll', async () => (await fetch(`${url}/readyz`)).ok);
  const graphql = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ status { demo } users(first: 1) { totalCount } }' }),
  });
  const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  return {
    rest: await (await fetch(`${url}/api/status`)).json(),
    graphql: await graphql.json(),
    page: await page.text(),
  };
}

const COMPLETE = {
  rest: { demo: 1 },
  graphql: { data: { status: { demo: true }, users: { totalCount: expect.any(Number) } } },
  page: expect.stringMatching(/<title>wgql.*YogaGraphiQL\.renderYogaGraphiQL/s),
};

describe('the archive', () => {
  it('is the same, as is the npm package, if it is made again', async () => {
    const again = await makeRelease();
    const [first, second] = await Promise.all(
      [release, again].map((each) => readFile(join(each, 'SHA256SUMS'), 'utf8')),
    );
    await removeAll([again]);
    expect(first).toBe(second);
    expect(first).toMatch(/^[0-9a-f]{64} {2}\S+\.tar\.gz\n[0-9a-f]{64} {2}\S+\.tgz\n$/);
    await runFile('sha256sum', ['--check', 'SHA256SUMS'], { cwd: release });
  });

  it('has all files in one folder, owned by root and with the time of the release', async () => {
    const { stdout } = await runFile(
      'tar',
      ['--list', '--verbose', '--numeric-owner', '--file', join(release, `${archive}.tar.gz`)],
      { env: { PATH: process.env.PATH, TZ: 'UTC' } },
    );
    const lines = stdout.trim().split('\n');
    const pattern = new RegExp(
      `^(?:drwxr-xr-x|-rw[x-]r-[x-]r-[x-]) 0/0 +\\d+ 2023-11-14 22:13 ${archive}/`,
    );
    expect(lines.filter((line) => !pattern.test(line))).toEqual([]);
    const names = lines.map((line) => line.slice(line.indexOf(archive) + archive.length + 1));
    expect(names).toEqual(
      expect.arrayContaining([
        ...['wgql', 'LICENSE', 'README.md', 'THIRD-PARTY-LICENSES'],
        ...['deploy/grafana/wgql.json', 'deploy/prometheus/wgql.rules.yml'],
      ]),
    );
    expect(names.filter((name) => name.includes('node_modules'))).toEqual([]);
    expect(names).toEqual([...names].sort());
  });

  it('has all files that its documents link to', async () => {
    const documents = await readdir(installed, { recursive: true });
    const missing: string[] = [];
    for (const document of documents.filter((name) => name.endsWith('.md'))) {
      const text = await readFile(join(installed, document), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        if (!existsSync(resolve(installed, dirname(document), target))) {
          missing.push(`${document}: ${target}`);
        }
      }
    }
    expect(missing).toEqual([]);
  });

  it('has the text of the licence of each package in the program', async () => {
    const text = await readFile(join(installed, 'THIRD-PARTY-LICENSES'), 'utf8');
    for (const title of [
      ...['@graphql-yoga/render-graphiql', '@opentelemetry/sdk-trace-base', '@prisma/client'],
      ...['@opentelemetry/exporter-trace-otlp-http', '@whatwg-node/fetch'],
      ...['better-sqlite3', 'express', 'graphql', 'graphql-ws', 'pino', 'prom-client', 'zod'],
    ]) {
      expect(text).toMatch(new RegExp(`^${title} \\d\\S* \\([\\w.-]+\\)\n\n.*\\S`, 'm'));
    }
    expect(text).toContain('Copyright (c) 2023 Arda TANRIKULU\n\nPermission is hereby granted');
  });

  it('is the folder that the Dockerfile copies', async () => {
    const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
    const [, copied] =
      /^COPY --from=build \/src\/release\/(\S+) \/opt\/wgql$/m.exec(dockerfile) ?? [];
    expect((await stat(join(release, copied as string, 'wgql'))).mode & 0o777).toBe(0o755);
  });
});

describe('an installation from the archive, where nothing can be written and npm is not installed', () => {
  const commandLine = async (cwd: string, args: string[], env: Record<string, string> = {}) =>
    run({
      cwd,
      command: readOnly(installed),
      args,
      env: { PATH: path, WGQL_DATABASE_URL: `file:${join(cwd, 'wgql.db')}`, ...env },
    });

  it('prints its version and the help', async () => {
    const cwd = await dataFolder();
    expect(await commandLine(cwd, ['version'])).toEqual({
      ...{ code: 0, stdout: `${version}\n`, stderr: '' },
    });
    expect(await commandLine(cwd, ['help'])).toMatchObject({
      ...{ code: 0, stdout: expect.stringMatching(/^Usage: wgql /), stderr: '' },
    });
    expect(await readdir(cwd)).toEqual([]);
  });

  it('runs the demo with both APIs and GraphiQL, and the commands that ask it', async () => {
    const cwd = await dataFolder();
    const program = await startProgram({
      ...{ cwd, command: readOnly(installed), args: ['demo'] },
      env: { PATH: path, WGQL_MANAGE: 'on', WGQL_INTERFACES: '' },
    });
    expect(await answersOf(program.url)).toMatchObject(COMPLETE);
    const ask = (...args: string[]) => commandLine(cwd, [...args, '--url', program.url, '--json']);
    await waitFor('the first poll', async () => (await fetch(`${program.url}/readyz`)).ok);
    expect(JSON.parse((await ask('user', 'list')).stdout).length).toBeGreaterThan(10);
    const limited = await ask('user', 'limit', 'Bob phone', '--quota', '5G');
    expect(JSON.parse(limited.stdout)).toMatchObject({ quota: { limit: String(5 * 1024 ** 3) } });
    expect((await ask('events', '--since', '7d')).stdout).toContain('SESSION_STARTED');
    const peer = `[Peer]\nPublicKey = ${Buffer.alloc(32, 7).toString('base64')}\n`;
    await writeFile(join(cwd, 'demo0.conf'), peer);
    const plan = JSON.parse((await ask('import', 'demo0.conf')).stdout);
    expect(plan).toMatchObject({ applied: false, results: [{ action: 'LEAVE_OUT' }] });
    const demo = { WGQL_DATABASE_URL: `file:${join(cwd, 'data', 'demo', 'wgql.db')}` };
    expect((await commandLine(cwd, ['export', 'demo0'], demo)).stdout).toContain('Bob phone');
    expect(await program.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(cwd, 'data', 'demo'))).toContain('wgql.db');
  });

  it('runs the server, beside it the commands for backups and tokens, and restores a backup', async () => {
    const cwd = await dataFolder();
    const WGQL_DATABASE_URL = `file:${join(cwd, 'wgql.db')}`;
    const program = await startProgram({
      ...{ cwd, command: readOnly(installed), env: { PATH: path, WGQL_DATABASE_URL } },
    });
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
    expect((await commandLine(cwd, ['backup', 'copy.db'])).code).toBe(0);
    expect(await readdir(cwd)).toContain('copy.db');
    const created = await commandLine(cwd, ['token', 'create', '--name', 'a', '--role', 'admin']);
    expect(created.stdout).toMatch(/^wgql_\S+\n$/);
    expect((await commandLine(cwd, ['token', 'list'])).stdout).toMatch(/\ba\b.*admin/);
    expect((await commandLine(cwd, ['token', 'revoke', 'a'])).code).toBe(0);
    expect((await program.stop('SIGTERM')).code).toBe(0);
    expect((await commandLine(cwd, ['restore', 'copy.db'])).code).toBe(0);
  });

  it('sends traces to a collector', async () => {
    const collector = await startCollector();
    const cwd = await dataFolder();
    const program = await startProgram({
      ...{ cwd, command: readOnly(installed), args: ['demo'] },
      env: {
        PATH: path,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
      },
    });
    expect((await fetch(`${program.url}/api/events/history`)).status).toBe(200);
    // A stop waits for them as well, but not for as long as a busy machine may take.
    await collector.received('GET /api/events/history');
    expect(await program.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    expect(collector.pathsToStatements('GET /api/events/history')).toContainEqual([
      ...['GET /api/events/history', 'use case allSessions', 'statement'],
    ]);
    expect(collector.resource).toMatchObject({ 'service.version': version });
  });

  it('checks the machine', async () => {
    const { stdout } = await commandLine(await dataFolder(), ['doctor', '--json']);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: 'Node.js', ok: true }),
    );
  });

  it('prints a unit for systemd that starts it', async () => {
    const { code, stdout } = await commandLine(await dataFolder(), ['install-service']);
    expect(code).toBe(0);
    const [, node, program] = /^ExecStart=(\S+) (\S+)$/m.exec(stdout) ?? [];
    const started = await runFile(node as string, [program as string, 'version']);
    expect(started.stdout).toBe(`${version}\n`);
  });

  it('removes the nftables table with cleanup', async () => {
    const cwd = await dataFolder();
    const mark = await addProgram(path, 'nft');
    const { code, stderr } = await commandLine(cwd, ['cleanup'], { WGQL_MANAGE: 'on' });
    expect([code, existsSync(mark)]).toEqual([0, true]);
    expect(stderr).toContain('Removed the nftables table');
  });

  it('names the command as it is installed if a token is missing', async () => {
    const { code, stderr } = await commandLine(await dataFolder(), [], { WGQL_HOST: '0.0.0.0' });
    expect(code).toBe(1);
    expect(stderr).toContain('create one with "wgql token create --name');
  });
});

describe('an installation from npm', () => {
  it('depends only on the SQLite module, and runs the demo', async () => {
    const modules = join(await dataFolder(), 'node_modules');
    await mkdir(modules);
    const file = join(release, `wgql-${version}.tgz`);
    await runFile('tar', ['-xzf', file, '-C', modules, '--transform', 's,^package,wgql,']);
    await symlink(join(ROOT, 'node_modules/better-sqlite3'), join(modules, 'better-sqlite3'));
    const own = await manifest();
    const dependencies = own.dependencies as unknown as Record<string, string>;
    const text = await readFile(join(modules, 'wgql', 'package.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      name: 'wgql',
      version,
      description: own.description,
      license: 'MIT',
      type: 'commonjs',
      bin: { wgql: 'wgql' },
      engines: own.engines,
      dependencies: { 'better-sqlite3': dependencies['better-sqlite3'] },
    });
    const program = await startProgram({
      ...{ cwd: await dataFolder(), command: [join(modules, 'wgql', 'wgql')], args: ['demo'] },
      env: { PATH: path, WGQL_MANAGE: 'on', WGQL_INTERFACES: '' },
    });
    expect(await answersOf(program.url)).toMatchObject(COMPLETE);
    expect((await program.stop('SIGTERM')).code).toBe(0);
  });
});
