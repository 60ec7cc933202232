/** Compiles src/ into dist/, which is what `npm start` runs: it starts in half the time of a loader. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateHash } from './generate.mjs';
import { commandOf, NOTES } from './paths.mjs';
import { readLog, SetupError, say } from './report.mjs';
import { runNode } from './run.mjs';
import { filesUnder, hashOf } from './stamp.mjs';

const LOG = join(NOTES, 'build.log');

/**
 * The generated files stand in by the hash of what they come from, being ten times the size of all
 * others; the lock file is in it because the types of dependencies decide about errors.
 */
function hash() {
  return hashOf({
    files: [
      ...filesUnder('src', [join('src', 'generated')]),
      ...filesUnder('prisma'),
      'tsconfig.json',
      'tsconfig.build.json',
      'package-lock.json',
    ],
    facts: [generateHash()],
  });
}

async function runBuild() {
  say('build: src/ into dist/');
  // The compiler leaves behind what belonged to a file that has been renamed or removed.
  rmSync('dist', { recursive: true, force: true });
  const args = ['-p', 'tsconfig.build.json', '--noEmitOnError'];
  if (process.stderr.isTTY) args.push('--pretty');
  if ((await runNode(commandOf('typescript', 'tsc'), args, { log: LOG })) !== 0) {
    throw new SetupError(`${readLog(LOG)}The build failed: see the type errors above.`);
  }
}

export const build = {
  name: 'build',
  hash,
  isPresent: () => existsSync('dist/main.js'),
  run: runBuild,
};
