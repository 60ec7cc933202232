import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from 'graphql-ws';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { keepAnswer, keepFiles, keepLog, plantThoseIn, takeLeaks } from './outlet.ts';
import { type Host, waitFor } from './tunnel.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PORT = 8000;

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
type Json = any;

/** The built program as a process of its own inside a host, and a way to talk to it from outside. */
export interface Monitor {
  readonly databasePath: string;
  /** Where it makes its temporary files, and nobody else does. */
  readonly temporaryFolder: string;
  /** Throws while it does not run. */
  readonly pid: number;
  /** Everything it has shownByCommands. */
  log(): string;
  /** Starts it (again) on the same database; resolves when it answers. */
  start(env?: Record<string, string>): Promise<void>;
  /** Sends the signal and resolves with the exit code when it is gone; null after a kill. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  rest(path: string): Promise<Json>;
  graphql(query: string, variables?: object): Promise<Json>;
  /** Resolves once a poll that began after this call is written. */
  polled(): Promise<void>;
  /** A graphql-ws client. */
  live(): Client;
  /** Ends it; rejects if a secret has left it. */
  close(): Promise<void>;
}

export interface MonitorOptions {
  readonly pollIntervalMs?: number;
  readonly onlineWindowSeconds?: number;
  readonly env?: Record<string, string>;
}

/** Starts the built program in the host. */
export async function startMonitor(host: Host, options: MonitorOptions = {}): Promise<Monitor> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-monitor-'));
  const socketPath = join(folder, 'relay.sock');
  const databasePath = join(folder, 'wgql.db');
  const temporaryFolder = await mkdtemp(join(folder, 'tmp-'));
  const { pollIntervalMs = 200, onlineWindowSeconds = 180 } = options;
  let child: ChildProcess | null = null;
  let log = '';

  const relay = host.spawn(
    [process.execPath, join(ROOT, 'test/support/relay.mjs'), socketPath, String(PORT)],
    { stdio: 'pipe' },
  );
  await once(relay.stdout as NodeJS.ReadableStream, 'data');

  const send = (method: string, path: string, body?: object): Promise<Json> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath,
          method,
          path,
          headers: { host: 'localhost', 'content-type': 'application/json' },
          agent: false,
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => {
            keepAnswer(text);
            resolve(JSON.parse(text));
          });
          response.on('error', reject);
        },
      );
      outgoing.setTimeout(5_000, () => outgoing.destroy(new Error('No answer within 5 s')));
      outgoing.on('error', reject);
      const sent = body && JSON.stringify(body);
      for (const part of [path, sent]) plantThoseIn(part);
      outgoing.end(sent);
    });

  const monitor: Monitor = {
    databasePath,
    temporaryFolder,
    get pid() {
      if (child?.pid === undefined) throw new Error('The monitor does not run.');
      return child.pid;
    },
    log: () => log,
    start: async (env = {}) => {
      const { PATH, ...others } = { ...options.env, ...env };
      // Set inside, since the way into the host needs the machine's own.
      const path = PATH === undefined ? [] : ['env', `PATH=${PATH}`];
      const started = host.spawn([...path, process.execPath, join(ROOT, 'dist/main.js')], {
        env: {
          TMPDIR: temporaryFolder,
          WGQL_PORT: String(PORT),
          WGQL_DATABASE_URL: `file:${databasePath}`,
          WGQL_POLL_INTERVAL_MS: String(pollIntervalMs),
          WGQL_ONLINE_WINDOW_S: String(onlineWindowSeconds),
          WGQL_TIME_ZONE: 'UTC',
          WGQL_LOG_LEVEL: 'trace',
          ...others,
        },
        stdio: 'pipe',
      });
      child = started;
      const keep = (chunk: Buffer) => {
        log += chunk.toString();
      };
      started.stdout?.on('data', keep);
      started.stderr?.on('data', keep);
      await waitFor('the monitor to answer', async () => {
        if (started.exitCode !== null) throw new Error(`It ended: ${log}`);
        return (await send('GET', '/healthz')).status === 'ok';
      });
    },
    end: async (signal) => {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return null;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = await ended;
      keepFiles(folder);
      keepLog(log);
      return code;
    },
    rest: (path) => send('GET', path),
    graphql: async (query, variables) => {
      const answer = await send('POST', '/graphql', { query, variables });
      if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
      return answer.data;
    },
    polled: async () => {
      const last = async () =>
        Date.parse((await monitor.graphql('{status{lastPollAt}}')).status.lastPollAt);
      const called = Date.now();
      await waitFor('a poll that began after now', async () => (await last()) > called + 1, {
        everyMs: 20,
      });
    },
    live: () =>
      createClient({
        url: `ws+unix://${socketPath}:/graphql`,
        webSocketImpl: class extends WebSocket {
          constructor(address: string, protocols: string | string[]) {
            super(address, protocols, { headers: { host: 'localhost' } });
            this.on('message', (message) => keepAnswer(String(message)));
          }
        },
      }),
    close: async () => {
      await monitor.end('SIGKILL');
      const ended = once(relay, 'exit');
      relay.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
      expect(takeLeaks()).toEqual([]);
    },
  };
  await monitor.start();
  return monitor;
}

/** Rows of the database file, read beside the running program. */
export function queryDatabase(path: string, sql: string): string {
  return execFileSync(
    process.execPath,
    [
      '-e',
      'const D=require("better-sqlite3");const d=new D(process.argv[1],{readonly:true});d.defaultSafeIntegers(true);console.log(JSON.stringify(d.prepare(process.argv[2]).all(),(k,v)=>typeof v==="bigint"?String(v):v))',
      path,
      sql,
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
}
