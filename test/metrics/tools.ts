import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { whenFinished } from '../fixtures/shared.ts';
import { waitFor } from '../fixtures/tunnel.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const DEPLOY = join(ROOT, 'deploy');

const isThere = ['promtool', 'prometheus'].every(
  (program) => spawnSync(program, ['--version']).error === undefined,
);

/** Tests with the programs of Prometheus. Where they must run, a missing program fails them. */
export function describePrometheus(name: string, tests: () => void): void {
  if (isThere || process.env.CI === 'true') describe(name, tests);
  else describe.skip(`${name} (skipped: install Debian's package prometheus)`, tests);
}

export interface Result {
  readonly code: number;
  /** Both outputs. */
  readonly output: string;
}

/** Runs promtool in the folder deploy. */
export function promtool(args: readonly string[], input = ''): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile('promtool', args, { cwd: DEPLOY }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
    );
    child.stdin?.end(input);
  });
}

/** A value of an instant query. */
export interface Value {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  /** The result of an expression; rejects with the message of Prometheus if it is not valid. */
  query(expression: string): Promise<Value[]>;
  /** The path of its API, such as `targets`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  api(path: string): Promise<any>;
}

/** Where to scrape, and with which token. */
export interface Target {
  readonly url: string;
  readonly token?: string;
}

/** Starts Prometheus in a folder of its own; it is ended when the test has finished, or the last that shares it. */
export async function startPrometheus({ url, token }: Target): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-prometheus-'));
  whenFinished(() => rm(folder, { recursive: true, force: true }));
  const job = {
    job_name: 'wgql',
    static_configs: [{ targets: [new URL(url).host] }],
    ...(token !== undefined && {
      authorization: { type: 'Bearer', credentials_file: join(folder, 'token') },
    }),
  };
  const config = {
    global: { scrape_interval: '250ms', evaluation_interval: '250ms' },
    rule_files: [join(DEPLOY, 'prometheus/wgql.rules.yml')],
    scrape_configs: [job],
  };
  await writeFile(join(folder, 'token'), `${token ?? ''}\n`, { mode: 0o600 });
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const own = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(own).host}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  let log = '';
  child.stderr.on('data', (text) => {
    log += text;
  });
  whenFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await waitFor('Prometheus', async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus has ended: ${log}`);
    return (await fetch(`${own}/-/ready`).catch(() => null))?.ok;
  });
  const api = async (path: string) => {
    const { status, data, error } = await (await fetch(`${own}/api/v1/${path}`)).json();
    if (status !== 'success') throw new Error(error);
    return data;
  };
  return {
    api,
    query: async (expression) => {
      const { result } = await api(`query?query=${encodeURIComponent(expression)}`);
      return result.map((one: { metric: Value['metric']; value: [number, string] }) => ({
        metric: one.metric,
        value: Number(one.value[1]),
      }));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
