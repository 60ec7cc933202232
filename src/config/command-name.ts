import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from './package-folder.ts';

/** What starts this program: npm in a clone, and the command itself where it is installed. */
export const COMMAND_NAME = existsSync(join(packageFolder(), 'scripts'))
  ? 'npm run wgql --'
  : 'wgql';
