import { execFile } from 'node:child_process';
import { TimeLimitError, withTimeLimit } from '../../async/deadline.ts';

/** 10 000 limited users, or 2^16 peers, print about 10 MB. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Why a command failed. */
export type CommandFailure =
  /** The program does not exist. */
  | 'missing'
  /** The system does not let this process run the program, or the program reports missing permission. */
  | 'forbidden'
  | 'no-answer'
  /** The caller aborted it. */
  | 'stopped'
  | 'failed';

/** A command that failed. Its texts may contain keys and scripts, so no message may include them whole. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly failure: CommandFailure,
    readonly stderr: string,
  ) {
    super(`The command failed: ${failure}.`);
  }
}

export interface CommandOptions {
  /** The program is killed if it takes longer. */
  readonly withinMs: number;
  readonly stop: AbortSignal;
  readonly input?: string;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program and returns its output; rejects with a `CommandError`. The time limit also holds if a child
 * of the program, such as one started by a shell script, keeps the output open.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { withinMs, stop, input = '' }: CommandOptions,
): Promise<CommandOutput> {
  try {
    return await withTimeLimit(withinMs, stop, (signal) => execute(command, args, input, signal));
  } catch (error) {
    if (error instanceof TimeLimitError) throw new CommandError('no-answer', '');
    throw stop.aborted && error === stop.reason ? new CommandError('stopped', '') : error;
  }
}

function execute(
  command: string,
  args: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = execFile(
      command,
      args,
      { maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr });
        else reject(new CommandError(failureOf(error, stderr), stderr));
      },
    );
    signal.addEventListener('abort', () => {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    // A program that ends before it has read all its input is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** `error` is the system's error, `stderr` the output of the program. */
function failureOf(error: { readonly code?: unknown }, stderr: string): CommandFailure {
  if (error.code === 'ENOENT') return 'missing';
  const isForbidden =
    error.code === 'EACCES' || /operation not permitted|permission denied/i.test(stderr);
  return isForbidden ? 'forbidden' : 'failed';
}
