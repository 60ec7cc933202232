#!/usr/bin/env node
import type { App } from './app.ts';
import { backupCommand } from './cli/backup.ts';
import { cleanupCommand } from './cli/cleanup.ts';
import { type Command, readCommandLine } from './cli/command-line.ts';
import { type Shell, UsageError } from './cli/shell.ts';
import { tokenCommand } from './cli/token.ts';
import { ConfigError, readConfig } from './config/config.ts';
import { AppError, type Text } from './domain/errors.ts';
import { systemClock } from './domain/time/clock.ts';
import { VERSION } from './version.ts';
import { createNftTable } from './wg/nft/table.ts';

/** The process exits after this time, even if the stop is not complete; the log reports what was pending. */
const STOP_WITHIN_MS = 4_800;

/** The exit code for wrong arguments. */
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2));
  switch (asked.kind) {
    case 'serve':
      return run(asked.demo);
    case 'help':
      process.stdout.write(asked.usage);
      return;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return;
    case 'command':
      return runCommand(asked.name, asked.args);
  }
}

function runCommand(name: Command, args: readonly string[]): Promise<void> {
  switch (name) {
    case 'cleanup':
      return cleanupCommand(shell(), createNftTable(), args);
    case 'backup':
      return backupCommand(shell(), args);
    case 'token':
      return tokenCommand(shell(), args);
  }
}

function shell(): Shell {
  const config = readConfig(process.env);
  config.warnings.forEach(say);
  return {
    config,
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
    // Ignores further signals while stopping.
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS);
    void Promise.resolve(app?.stop()).finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // It never ends the process: services send it to ask for a reload.
  process.on('SIGHUP', () => void app?.reload());
  // Imported dynamically, so that commands do not load the code of the server.
  const { createApp } = await import('./app.ts');
  app = createApp(config);
  try {
    await app.start();
  } catch (error) {
    if (!isStopping) throw error;
  }
}

/** Prints known errors as sentences in both languages, and unexpected errors with their stack. */
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
