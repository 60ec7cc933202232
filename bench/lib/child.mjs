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

/** Starts a file of this folder, or one at a path, as a process of its own that answers each order. */
export function child(file) {
  const process_ = fork(pathOf(file), { env: { ...process.env, NODE_ENV: 'production' } });
  return {
    ask: async (order) => {
      const answer = once(process_, 'message');
      process_.send(order);
      return (await answer)[0];
    },
    stop: async () => {
      const exit = once(process_, 'exit');
      process_.disconnect();
      await exit;
    },
  };
}
