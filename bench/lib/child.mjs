import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../scripts/bundle-options.mjs';

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Bundles the program to be measured as it is bundled for users; beside dist/, because it looks for its files there. */
export async function buildProgram() {
  const outdir = pathOf('../../dist/bench');
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [pathOf('program.mjs')],
    outdir,
    outExtension: { '.js': '.mjs' },
  });
  return `${outdir}/program.mjs`;
}

/**
 * Starts a file of this folder, or one at a path, as a process of its own that answers each order. `isSource`: it
 * imports the sources of the program.
 */
export function child(file, { isSource = false } = {}) {
  const process_ = fork(pathOf(file), {
    env: { ...process.env, NODE_ENV: 'production' },
    ...(isSource && { execArgv: ['--import', 'tsx'] }),
  });
  const exit = once(process_, 'exit');
  const failed = exit.then(([code]) => {
    throw new Error(`${file} ended with exit code ${code} before it answered.`);
  });
  failed.catch(() => {});
  const answer = async () => (await Promise.race([once(process_, 'message'), failed]))[0];
  return {
    /** The next message. */
    answer,
    ask: (order) => {
      const answered = answer();
      process_.send(order);
      return answered;
    },
    stop: async () => {
      process_.disconnect();
      await exit;
    },
  };
}
