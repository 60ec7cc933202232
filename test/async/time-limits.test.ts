import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TimeLimitError, withTimeLimit } from '../../src/async/deadline.ts';
import { CommandError, runCommand } from '../../src/wg/command/run.ts';
import { askUapi } from '../../src/wg/read/ask-uapi.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const never = new AbortController().signal;
const forEver = () => new Promise<never>(() => {});

/** Collects garbage several times within the limits below, until the test ends. */
function collectAlways(): void {
  const timer = setInterval(collectGarbage, 25);
  onTestFinished(() => clearInterval(timer));
}

/** A program that runs this script. */
async function program(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-program-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'program');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('a time limit', () => {
  it('fires even if garbage is collected while it waits', async () => {
    collectAlways();
    const waiting = withTimeLimit(100, never, forEver);
    await expect(waiting).rejects.toBeInstanceOf(TimeLimitError);
  });

  it('does not fire before a result that is already available, however busy the process was', async () => {
    const answer = withTimeLimit(20, never, () => stat('/'));
    const until = performance.now() + 100;
    while (performance.now() < until);
    expect((await answer).isDirectory()).toBe(true);
  });

  it('notifies a task that listens', async () => {
    collectAlways();
    const heard = withTimeLimit(100, never, async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('The task heard of it.');
    });
    await expect(heard).rejects.toBeInstanceOf(TimeLimitError);
  });

  it('ends with the reason of the abort', async () => {
    const stop = new AbortController();
    const waiting = withTimeLimit(60_000, stop.signal, forEver);
    stop.abort(new Error('Enough.'));
    await expect(waiting).rejects.toThrow('Enough.');
  });

  it('does not start a task that was aborted before', async () => {
    const stopped = withTimeLimit(60_000, AbortSignal.abort(new Error('Enough.')), forEver);
    await expect(stopped).rejects.toThrow('Enough.');
  });

  it('returns the result of the task', async () => {
    expect(await withTimeLimit(60_000, never, async () => 'done')).toBe('done');
  });

  it('aborts a command that hangs', async () => {
    collectAlways();
    const command = await program('exec sleep 1000');
    await expect(runCommand(command, [], { withinMs: 100, stop: never })).rejects.toMatchObject({
      failure: 'no-answer',
    });
  });

  it('aborts a command whose child process keeps the output open', async () => {
    const command = await program('sleep 2 & wait; sleep 1000');
    await expect(runCommand(command, [], { withinMs: 100, stop: never })).rejects.toMatchObject({
      failure: 'no-answer',
    });
  });

  it('aborts a request to a daemon that accepts and never answers', async () => {
    collectAlways();
    const { createServer } = await import('node:net');
    const folder = await mkdtemp(join(tmpdir(), 'wgql-daemon-'));
    const path = join(folder, 'wg0.sock');
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(async () => {
      server.close();
      await rm(folder, { recursive: true, force: true });
    });
    const asking = withTimeLimit(100, never, (signal) => askUapi(path, signal, () => {}));
    await expect(asking).rejects.toBeInstanceOf(TimeLimitError);
  });
});

describe('a command', () => {
  it('returns its output, and receives its input', async () => {
    const command = await program('cat; echo said >&2');
    const output = await runCommand(command, [], { withinMs: 10_000, stop: never, input: 'x' });
    expect(output).toEqual({ stdout: 'x', stderr: 'said\n' });
  });

  it.each([
    ['missing', '/nowhere/at/all', ''],
    ['forbidden', '', 'echo "Operation not permitted" >&2; exit 1'],
    ['failed', '', 'exit 3'],
  ])('that is %s is reported as such', async (failure, path, script) => {
    const command = path || (await program(script));
    const run = runCommand(command, [], { withinMs: 10_000, stop: never });
    await expect(run).rejects.toMatchObject({ failure });
  });

  it('that is stopped is reported as stopped', async () => {
    const stop = new AbortController();
    const run = runCommand(await program('exec sleep 1000'), [], {
      withinMs: 60_000,
      stop: stop.signal,
    });
    stop.abort();
    await expect(run).rejects.toEqual(new CommandError('stopped', ''));
  });
});
