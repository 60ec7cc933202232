import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a command wrote, decoded as UTF-8. */
export interface Output {
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Written to stdin, which is closed afterwards; without it stdin is empty. */
  input?: string;
  /** The command is killed with SIGKILL after this many milliseconds; default 10000. */
  timeoutMs?: number;
}

/** A command that failed, was killed or ran out of time; the message holds its stderr. */
export class CommandError extends Error {
  readonly argv: readonly string[];
  /** null when a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;

  constructor(
    argv: readonly string[],
    result: Output & { exitCode: number | null; timedOut: boolean },
  ) {
    const how = result.timedOut
      ? 'did not end in time'
      : result.exitCode === null
        ? 'was killed'
        : `failed with exit code ${result.exitCode}`;
    super(`${argv.join(' ')} ${how}: ${result.stderr.trim() || '(no stderr)'}`);
    this.name = 'CommandError';
    this.argv = argv;
    this.exitCode = result.exitCode;
    this.stdout = result.stdout;
    this.stderr = result.stderr;
    this.timedOut = result.timedOut;
  }
}

/** Waits for a started command to end; rejects with a CommandError unless it exits with 0. */
export function outputOf(
  child: ChildProcess,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Output> {
  const { input = '', timeoutMs = 10_000 } = options;
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A command that ends without reading its input is judged by its exit code.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open, and 'close' waits for them.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      const output = {
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      };
      if (exitCode === 0 && !timedOut) resolve(output);
      else reject(new CommandError(argv, { ...output, exitCode, timedOut }));
    });
  });
}

/** Starts a command that the kernel kills when this process ends, however it ends. */
export function spawnTied(
  argv: readonly string[],
  options: Parameters<typeof spawn>[2] = {},
): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], options);
}

/** Resolves once the process has been reaped; at once when it never started. */
export async function exited(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await once(child, 'exit');
}

/** Kills a process, stopped or not, and waits for it. Safe to call again. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
  }
  await exited(child);
}
