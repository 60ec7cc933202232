/**
 * Where things lie. Every path in the set-up is relative to the project's root, which main() makes
 * the working directory, so that the commands also work when called from elsewhere.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Notes of the set-up: stamps, logs, the lock. Git ignores it; deleting it is always safe. */
export const NOTES = '.setup';

export function projectRoot() {
  return fileURLToPath(new URL('../..', import.meta.url));
}

/** A package's own description, or undefined when it is not installed. */
export function packageJson(name) {
  try {
    return JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The script behind a package's command. Started with the running Node.js rather than by way of
 * node_modules/.bin: that is the same on every system and needs no PATH.
 */
export function commandOf(name, command) {
  const { bin } = packageJson(name) ?? {};
  const script = typeof bin === 'string' ? bin : bin?.[command];
  return script === undefined ? undefined : join('node_modules', name, script);
}
