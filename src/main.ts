#!/usr/bin/env node
import { existsSync, readdirSync } from 'node:fs';
import type { App } from './app.ts';
import type { Host } from './cli/program.ts';
import type { Shell } from './cli/shell.ts';
import { EXIT_USAGE, UsageError } from './cli/usage-error.ts';
import { ConfigError, readConfig } from './config/config.ts';
import { AppError, type Text } from './domain/errors.ts';
import { systemClock } from './domain/time/clock.ts';
import { VERSION } from './version.ts';
import { createNftTable } from './wg/nft/table.ts';

/** The process exits after this time, even if the stop is not complete; the log reports what was pending. */
const STOP_WITHIN_MS = 4_800;

/** An option for the set-up script, which the npm scripts pass before the command. */
const SET_UP_OPTION = '--run';

async function main(): Promise<void> {
  // The reader of a pipe, such as head(1), has left: what follows has no reader.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const [first, ...others] = process.argv.slice(2);
  const words = first === undefined || first === SET_UP_OPTION ? others : [first, ...others];
  if (words.length === 0) return serve({ demo: false });
  // Imported dynamically, so that a server does not load the code of the commands.
  const { runCommandLine } = await import('./cli/program.ts');
  process.exitCode = await runCommandLine(words, host);
}

const host: Host = {
  open: shell,
  serve,
  write: (text) => process.stdout.write(text),
  table: createNftTable(),
  version: VERSION,
  examine: async (config, url) => (await import('./doctor/doctor.ts')).examine(config, url),
  start: [process.execPath, process.argv[1] ?? ''],
  interfacesOfWgQuick,
  hasUserspaceInterface: () =>
    ['wireguard', 'amneziawg'].some((name) => existsSync(`/var/run/${name}`)),
};

/** The names of the files that wg-quick(8) has; none if they cannot be listed. */
function interfacesOfWgQuick(): readonly string[] {
  try {
    const names = readdirSync('/etc/wireguard').filter((name) => name.endsWith('.conf'));
    return names.map((name) => name.slice(0, -'.conf'.length)).sort();
  } catch {
    return [];
  }
}

function shell(): Shell {
  const config = readConfig(process.env);
  config.warnings.forEach(say);
  return {
    config,
    now: new Date(systemClock.wallMs()),
    language: config.language ?? (/^zh/i.test(process.env.LANG ?? '') ? 'zh' : 'en'),
    untilStopped: stopSignal,
    print: (line) => process.stdout.write(`${line}\n`),
    say,
  };
}

/** Aborted when the user ends the command. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function serve({ demo }: { readonly demo: boolean }): Promise<void> {
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
  const { WGQL_LANGUAGE: language } = process.env;
  if (language === 'en' || language === 'zh') console.error(language === 'en' ? en : zh);
  else console.error(en === zh ? en : `${en}\n${zh}`);
}

main().catch(fail);
