import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { copyDatabase } from '../files/copy-database.ts';

/** What stands behind the name of a database in that of such a copy: the last migration it has. */
const COPY_ENDING = /^\.\d{4}_\w+\.backup$/;

/** The file that an interrupted copy leaves. */
const DRAFT_ENDING = /^\.\d{4}_\w+\.backup\.new/;

/**
 * Copies a database that migrations are about to change, named after its last migration; of older copies only
 * the newest is kept.
 */
export async function copyBeforeMigration(path: string, last: string): Promise<void> {
  const copy = `${path}.${last}.backup`;
  await copyDatabase(path, copy, { replace: true, inParts: true });
  for (const name of await namesBeside(path, [COPY_ENDING, DRAFT_ENDING])) {
    if (name !== basename(copy)) await rm(join(dirname(path), name), { recursive: true });
  }
}

/** The newest copy that was made before an update, or null. */
export async function newestCopyOf(path: string): Promise<string | null> {
  const name = (await namesBeside(path, [COPY_ENDING])).sort().at(-1);
  return name === undefined ? null : join(dirname(path), name);
}

async function namesBeside(path: string, endings: readonly RegExp[]): Promise<string[]> {
  const base = basename(path);
  const names = await readdir(dirname(path));
  return names.filter(
    (name) =>
      name.startsWith(base) && endings.some((ending) => ending.test(name.slice(base.length))),
  );
}
