/**
 * What the set-up says. All of it goes to standard error: standard output belongs to the command
 * that follows, as in `npm run -s print-schema > file`.
 */
import { readFileSync } from 'node:fs';

/** A failure with a message for people; main() prints it without a stack. */
export class SetupError extends Error {}

export function say(text) {
  process.stderr.write(`[setup] ${text}\n`);
}

/** The command that a person typed to get here, to be named where it has to be run again. */
export function typedCommand() {
  const script = process.env.npm_lifecycle_event;
  if (script === undefined) return 'node scripts/setup.mjs';
  return ['start', 'test'].includes(script) ? `npm ${script}` : `npm run ${script}`;
}

export function readLog(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The end of a log, where the reason usually stands. */
export function tail(file, lines = 25) {
  return readLog(file).trimEnd().split('\n').slice(-lines).join('\n');
}
