import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { AppError } from './errors.ts';

/** A stop that takes longer than this is not waited for. */
const STOP_WITHIN_MS = 9_000;

async function main(): Promise<void> {
  const app = createApp(readConfig(process.env, { demo: process.argv.includes('demo') }));
  await app.start();
  const stop = () => {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    app.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
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
