import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { keepAnswer, keepFiles, keepLog, listenTo, plant, watchForLeaks } from './outlet.ts';
import { waitFor } from './tunnel.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A start takes a second, and many times that beside other tests. */
const START_WITHIN_MS = 25_000;

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
  /** Run by a shell of a network and a mount namespace of its own, with the program as `$PROGRAM`. */
  readonly script?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly url: string;
  /** The log line that names the address. */
  readonly started: Record<string, unknown>;
  /** The log so far, line by line. */
  readonly lines: readonly string[];
  signal(signal: NodeJS.Signals): void;
  stop(signal: NodeJS.Signals): Promise<Ended & { readonly lines: readonly string[] }>;
}

/** No setting of the caller's own reaches the program, and it touches no WireGuard of the machine. */
function environment(env: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    WGQL_PORT: '0',
    WGQL_INTERFACES: 'none0',
    WGQL_MANAGE: 'off',
    WGQL_LOG_LEVEL: 'trace',
    ...env,
  };
}

interface Launched {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with its code once it has ended and all that it shownByCommands is here. */
  readonly closed: Promise<number | null>;
}

/** Starts the built program, and waits for nothing. */
export function launchProgram({ cwd, env = {}, args = [], script }: ProgramOptions): Launched {
  watchForLeaks();
  plant(env.WGQL_TOKEN ?? '');
  const program = [process.execPath, MAIN, ...args];
  const command = script === undefined ? program : ['unshare', '-n', '-m', 'sh', '-c', script];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd,
    env: { ...environment(env), NODE: process.execPath, PROGRAM: MAIN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outputs = [child.stdout, child.stderr].map((stream) => {
    const parts: string[] = [];
    stream?.setEncoding('utf8').on('data', (part) => parts.push(part));
    return () => parts.join('');
  });
  const [stdout, stderr] = outputs as [() => string, () => string];
  const closed = once(child, 'close').then(([code]) => {
    const database = env.WGQL_DATABASE_URL?.replace(/^file:/, '') ?? 'data/wgql.db';
    keepFiles(dirname(resolve(cwd, database)));
    keepLog(stderr());
    return code as number | null;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  return { child, stdout, stderr, closed };
}

/** Runs the built program until it ends by itself. */
export async function run(options: ProgramOptions): Promise<Ended> {
  const { closed, stdout, stderr } = launchProgram(options);
  const code = await closed;
  keepAnswer(stdout());
  return { code, stdout: stdout(), stderr: stderr() };
}

/** Starts the built program and waits until it says where it listens. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { child, closed, stdout, stderr } = launchProgram(options);
  void closed.then(() => keepLog(stdout()));
  const lines = () =>
    stdout()
      .split('\n')
      .filter((line) => line !== '');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const announced = () =>
    lines()
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ url }) => typeof url === 'string');
  const started = await waitFor('the address in the log', async () => announced() ?? hasEnded(), {
    timeoutMs: START_WITHIN_MS,
  });
  if (started === true) {
    await closed;
    throw new Error(`It ended: ${stderr()}`);
  }
  listenTo(started.url as string);
  return {
    url: started.url as string,
    started,
    get lines() {
      return lines();
    },
    signal: (signal) => void child.kill(signal),
    stop: async (signal) => {
      child.kill(signal);
      const code = await closed;
      return { code, stdout: stdout(), stderr: stderr(), lines: lines() };
    },
  };
}

/** Prints what the program answers to each path where no WireGuard and no other network is. */
export function namespaceScript(url: string, paths: readonly string[]): string {
  const probe = `
    const read = async (path) => {
      const answer = await fetch('${url}' + path, { headers: { 'accept-language': 'en' } });
      return { status: answer.status, body: await answer.json() };
    };
    const isReady = async () => !(await read('/readyz')).body.message.includes('not been read yet');
    for (let i = 0; i < 100; i++) {
      if (await isReady().catch(() => false)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const path of ${JSON.stringify(paths)}) console.log('ANSWER ' + JSON.stringify(await read(path)));
  `;
  return `
    mount -t tmpfs tmpfs /run && ip link set lo up || exit 1
    "$NODE" "$PROGRAM" & program=$!
    "$NODE" --input-type=module -e ${quoted(probe)}
    kill -TERM $program
    wait $program
  `;
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
