import { execFile } from 'node:child_process';
import { TimeLimitError, withTimeLimit } from '../../async/deadline.ts';

/** 10 000 limited users print about 10 MB, 2^16 peers as much. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Why a command did not do what it was called for. */
export type CommandFailure =
  /** There is no such program. */
  | 'missing'
  /** The system does not let this process run it, or it says that it may not do what it was asked. */
  | 'forbidden'
  | 'no-answer'
  /** Whoever called it gave up. */
  | 'stopped'
  | 'failed';

/** A command that failed. Its texts may repeat keys and scripts, so no message may hold them whole. */
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
  /** Killed when it takes longer. */
  readonly withinMs: number;
  readonly stop: AbortSignal;
  readonly input?: string;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program and answers what it printed; rejects with a `CommandError`. It is given up in time also
 * where a child of its own keeps the output open, as a shell script around it may have.
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
    // One that ends before it has read everything is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** `error` is what the system said of the program, `stderr` what the program said. */
function failureOf(error: { readonly code?: unknown }, stderr: string): CommandFailure {
  if (error.code === 'ENOENT') return 'missing';
  const isForbidden =
    error.code === 'EACCES' || /operation not permitted|permission denied/i.test(stderr);
  return isForbidden ? 'forbidden' : 'failed';
}
