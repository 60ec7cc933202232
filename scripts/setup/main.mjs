/**
 * Runs the steps that are due. If none is, which is the usual case, it only reads and hashes files, without a
 * lock and without a child process. All paths are relative to the root of the project.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure, say } from './failure.mjs';
import * as notes from './notes.mjs';
import { withLock } from './run.mjs';
import { steps } from './steps.mjs';

const hashOf = (step) => notes.hashOf(step.inputs());
const isDue = (step) => !existsSync(step.output) || notes.readStamp(step.name) !== hashOf(step);

async function runStep(step, wanted) {
  const { name } = step;
  // Read before the step runs, so that a file saved meanwhile makes it due again.
  const hash = hashOf(step);
  notes.begin(name);
  const started = Date.now();
  say(`${name}: makes ${step.output}`);
  const failure = await step.run(step, wanted);
  if (failure === 'step') console.error(notes.endOfLog(name));
  if (failure !== null) throw new Failure(failure, { log: notes.logOf(name) });
  notes.writeStamp(name, hash);
  say(`${name}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Returns the exit code; the reason of a failure has been printed by then. */
export async function main({ tests }) {
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
  const wanted = steps.filter((step) => tests || !step.isForTests);
  try {
    if (!wanted.some(isDue)) return 0;
    await withLock(async () => {
      for (const step of wanted) if (isDue(step)) await runStep(step, { tests });
    });
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    return 1;
  }
}
