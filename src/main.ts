#!/usr/bin/env node
import './production.ts';
import type { App } from './app.ts';
import { backupCommand } from './cli/backup.ts';
import { type Shell, UsageError } from './cli/shell.ts';
import { tokenCommand } from './cli/token.ts';
import { USAGE } from './cli/usage.ts';
import { systemClock } from './clock.ts';
import { ConfigError, readConfig } from './config.ts';
import { withTimeLimit } from './deadline.ts';
import { AppError, type Text } from './errors.ts';
import { createTrafficControl } from './wg/nft/traffic-control.ts';

/** A stop that takes longer than this is not waited for; nothing of it can be, as far as is known. */
const STOP_WITHIN_MS = 4_800;
const CLEAN_UP_WITHIN_MS = 10_000;

/** What `npm run` puts before the command; it is for the set-up. */
const SET_UP_OPTION = '--run';

/** Of a command that was not called as it wants to be. */
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const [command, ...args] = given[0] === SET_UP_OPTION ? given.slice(1) : given;
  switch (command) {
    case undefined:
    case 'demo':
      return run(command === 'demo');
    case 'cleanup':
      return cleanUp();
    case 'backup':
      return backupCommand(shell(), args);
    case 'token':
      return tokenCommand(shell(), args);
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(USAGE);
      return;
    default:
      process.stderr.write(USAGE);
      process.exitCode = EXIT_USAGE;
  }
}

async function cleanUp(): Promise<void> {
  if (!readConfig(process.env).manage) throw new AppError('UNAVAILABLE', NOTHING_IS_WRITTEN);
  await withTimeLimit(CLEAN_UP_WITHIN_MS, null, (signal) => createTrafficControl().cleanup(signal));
}

const NOTHING_IS_WRITTEN: Text = {
  en: 'WGQL_MANAGE=off forbids writing to nftables, so nothing was removed; run the command with WGQL_MANAGE=on.',
  zh: 'WGQL_MANAGE=off 禁止写入 nftables，因此未删除任何内容；请在 WGQL_MANAGE=on 下运行该命令。',
};

function shell(): Shell {
  return {
    config: readConfig(process.env),
    now: new Date(systemClock.wallMs()),
    print: (line) => process.stdout.write(`${line}\n`),
    say,
  };
}

async function run(demo: boolean): Promise<void> {
  const config = readConfig(process.env, { demo });
  let app: App | null = null;
  let isStopping = false;
  const stop = () => {
    // A second signal finds the stop under way.
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS);
    void Promise.resolve(app?.stop()).finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Loaded only here: a command would wait for all of the server's code.
  const { createApp } = await import('./app.ts');
  app = createApp(config);
  try {
    await app.start();
  } catch (error) {
    if (!isStopping) throw error;
  }
  // Without a certificate to read anew, it ends with its terminal as every program does.
  if (config.tls !== null) process.on('SIGHUP', () => void app?.reload());
}

/** What stands in the way, one sentence each in both languages; only the unexpected has a stack. */
function fail(error: unknown): never {
  if (error instanceof ConfigError) {
    error.problems.forEach(say);
  } else if (error instanceof AppError) {
    say(error.text);
  } else if (error instanceof UsageError) {
    say(error.text);
    process.stderr.write(`\n${error.usage}`);
    process.exit(EXIT_USAGE);
  } else {
    console.error(error);
  }
  process.exit(1);
}

function say({ en, zh }: Text): void {
  console.error(`${en}\n${zh}`);
}

main().catch(fail);
