import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from './config/package-folder.ts';

/** The version of this program, as its package says. */
export const VERSION: string = JSON.parse(
  readFileSync(join(packageFolder(), 'package.json'), 'utf8'),
).version;
