import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type App, createApp, type Overrides } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type FakeWireGuard, fakeWireGuard, type TestClock, testClock } from './fake-wireguard.ts';
import { keepFiles, keepLog, listenTo, plant, plantThoseIn, watchForLeaks } from './outlet.ts';
import { waitFor } from './tunnel.ts';

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly body: any;
  readonly text: string;
}

export interface GraphQLAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: {
      readonly code: string;
      readonly fields?: readonly { readonly field: string; readonly message: string }[];
    };
  }[];
}

/** The whole program on a port of its own, over a WireGuard in memory and a clock of the test's. */
export interface TestApp {
  readonly app: App;
  readonly url: string;
  readonly wireguard: FakeWireGuard;
  readonly clock: TestClock;
  readonly folder: string;
  /** The lines of its log, which is as loud as it can be. */
  readonly log: readonly string[];
  /** Ends once a poll that began after this call is written and published. */
  polled(): Promise<void>;
  rest(path: string, init?: RequestInit): Promise<RestAnswer>;
  /** POSTs JSON to a REST path. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<RestAnswer>;
  graphql(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<GraphQLAnswer>;
  /** Stops the program and starts it on the same database, clock and WireGuard. */
  restart(env?: Record<string, string>, whileDown?: () => void): Promise<void>;
}

export interface TestAppOptions {
  readonly env?: Record<string, string>;
  readonly clock?: TestClock;
  /** Called before the start, to lay out the interfaces. */
  readonly prepare?: (wireguard: FakeWireGuard) => void;
  readonly limits?: Overrides['limits'];
}

/**
 * Starts the program; it is stopped and its files removed when the test has finished, which fails if
 * a secret has left it.
 */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  watchForLeaks();
  const folder = await mkdtemp(join(tmpdir(), 'wgql-test-'));
  const clock = options.clock ?? testClock();
  const wireguard = fakeWireGuard(clock);
  options.prepare?.(wireguard);
  let env: Record<string, string> = {
    WGQL_PORT: '0',
    WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`,
    WGQL_POLL_INTERVAL_MS: '100',
    WGQL_TIME_ZONE: 'UTC',
    ...options.env,
  };
  const { limits } = options;
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    keepLog(line);
  };
  const log = pino({ level: 'trace' }, { write });
  const start = async () => {
    plant(env.WGQL_TOKEN ?? '');
    const started = createApp(readConfig(env), {
      clock,
      wireguard,
      log,
      ...(limits && { limits }),
    });
    await started.start();
    listenTo(started.url);
    return started;
  };
  const stop = async () => {
    // Gone after the stop; reading any other file would take the program's locks from it.
    keepFiles(folder, (name) => name.endsWith('-wal'));
    await app.stop();
    keepFiles(folder);
  };
  let app = await start();
  onTestFinished(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  const rest: TestApp['rest'] = async (path, init) => {
    for (const part of [path, init?.headers, init?.body]) plantThoseIn(part);
    const response = await fetch(`${app.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : null,
    };
  };
  return {
    get app() {
      return app;
    },
    get url() {
      return app.url;
    },
    wireguard,
    clock,
    folder,
    log: lines,
    polled: async () => {
      // What the first of them publishes has arrived by the end of the second.
      const enough = wireguard.reads + 2;
      await waitFor(
        'the next poll',
        async () => {
          if (wireguard.reads >= enough && clock.hasSleeper) return true;
          clock.wake();
          return false;
        },
        { everyMs: 2 },
      );
    },
    rest,
    post: (path, body, headers) =>
      rest(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    graphql: async (query, variables, headers) => {
      const body = JSON.stringify({ query, variables });
      for (const part of [headers, body]) plantThoseIn(part);
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return { status: response.status, ...((await response.json()) as object) } as GraphQLAnswer;
    },
    restart: async (changed = {}, whileDown = () => {}) => {
      await stop();
      whileDown();
      env = { ...env, ...changed };
      app = await start();
    },
  };
}
