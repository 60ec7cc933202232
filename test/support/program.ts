import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { waitFor } from './tunnel.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

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
    ...env,
  };
}

function launch({ cwd, env, args = [], script }: ProgramOptions): ChildProcess {
  const program = [process.execPath, MAIN, ...args];
  const command = script === undefined ? program : ['unshare', '-n', '-m', 'sh', '-c', script];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd,
    env: { ...environment(env), NODE: process.execPath, PROGRAM: MAIN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Runs the built program until it ends by itself. */
export async function run(options: ProgramOptions): Promise<Ended> {
  const child = launch(options);
  const outputs = Promise.all([text(child.stdout as never), text(child.stderr as never)]);
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr] = await outputs;
  return { code, stdout, stderr };
}

/** Starts the built program and waits until it says where it listens. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const child = launch(options);
  const closed = once(child, 'close');
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (part) => {
    stdout += part;
  });
  child.stderr?.on('data', (part) => {
    stderr += part;
  });
  const lines = () => stdout.split('\n').filter((line) => line !== '');
  const started = await waitFor('the address in the log', async () => {
    if (child.exitCode !== null) throw new Error(`It ended: ${stderr}`);
    return lines()
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ url }) => typeof url === 'string');
  });
  return {
    url: started.url as string,
    started,
    get lines() {
      return lines();
    },
    signal: (signal) => void child.kill(signal),
    stop: async (signal) => {
      child.kill(signal);
      const [code] = (await closed) as [number | null];
      return { code, stdout, stderr, lines: lines() };
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
