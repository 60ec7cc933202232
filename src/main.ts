#!/usr/bin/env node
import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { AppError } from './errors.ts';
import { createTrafficControl } from './wg/nft/traffic-control.ts';

/** A stop that takes longer than this is not waited for. */
const STOP_WITHIN_MS = 9_000;
const CLEAN_UP_WITHIN_MS = 10_000;

const USAGE = `wgql          watch this machine's WireGuard
wgql demo     watch a simulated fleet
wgql cleanup  remove the nftables table of wgql, and with it every bandwidth limit
`;

async function main(): Promise<void> {
  const command = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
  switch (command) {
    case undefined:
    case 'demo':
      return run(command === 'demo');
    case 'cleanup':
      return createTrafficControl().cleanup(AbortSignal.timeout(CLEAN_UP_WITHIN_MS));
    default:
      process.stderr.write(USAGE);
      process.exitCode = 1;
  }
}

async function run(demo: boolean): Promise<void> {
  const config = readConfig(process.env, { demo });
  const app = createApp(config);
  await app.start();
  const stop = () => {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    app.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Without a certificate to read anew, it ends with its terminal as every program does.
  if (config.tls !== null) process.on('SIGHUP', () => void app.reload());
}

/** What stands in the way, one sentence each in both languages; only the unexpected has a stack. */
function fail(error: unknown): never {
  if (error instanceof ConfigError) {
    for (const { en, zh } of error.problems) console.error(`${en}\n${zh}`);
  } else if (error instanceof AppError) {
    console.error(`${error.text.en}\n${error.text.zh}`);
  } else {
    console.error(error);
  }
  process.exit(1);
}

main().catch(fail);
