/**
 * Decides which steps are due and runs them in order. The usual case, nothing to do, only reads and
 * hashes files: no lock, no child process, so that every `npm start` can afford it.
 */
import { build } from './build.mjs';
import { codegen } from './codegen.mjs';
import { generate } from './generate.mjs';
import { install } from './install.mjs';
import { withLock } from './lock.mjs';
import { projectRoot } from './paths.mjs';
import { SetupError, say } from './report.mjs';
import { clearStamp, isFresh, writeStamp } from './stamp.mjs';

/**
 * A step is due when it has inputs (`hash()` is not undefined) and either its stamp holds another
 * hash or something it should have made is gone.
 */
function isDue(step) {
  const hash = step.hash();
  return hash !== undefined && !(isFresh(step.name, hash) && step.isPresent());
}

async function runDue(steps) {
  for (const step of steps) {
    if (!isDue(step)) continue;
    // Taken before the work, so that a file saved meanwhile makes the step due again.
    const hash = step.hash();
    // Removed first: a half-done step must never look done, neither after a crash nor to a second
    // set-up that glances at the stamps without the lock.
    clearStamp(step.name);
    const started = Date.now();
    await step.run();
    writeStamp(step.name, hash);
    say(`${step.name}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Returns the exit code; everything a person should read has been printed by then. */
export async function main({ tests }) {
  process.chdir(projectRoot());
  const steps = tests ? [install, generate, build, codegen] : [install, generate, build];
  try {
    if (steps.some(isDue)) await withLock(() => runDue(steps));
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}
