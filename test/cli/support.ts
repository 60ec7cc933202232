import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CommandOptions, runHere } from '../fixtures/command.ts';
import type { TestApp } from '../fixtures/test-app.ts';

type Options = Omit<CommandOptions, 'args' | 'env'> & { readonly env?: Record<string, string> };

/** Runs commands that ask the server over its API, in a folder without a database. */
export async function commandsOf(app: TestApp, options: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-command-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = {
    WGQL_DATABASE_URL: `file:${join(folder, 'none.db')}`,
    WGQL_TIME_ZONE: 'UTC',
    WGQL_PORT: new URL(app.url).port,
    ...options.env,
  };
  return (...args: string[]) => runHere({ ...options, env, args });
}
