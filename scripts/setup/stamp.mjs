/**
 * Remembers, for each step, the inputs of its last success as one hash. Contents are hashed rather
 * than sizes and times: git sets times at will when it changes branches, and the files are few.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOTES } from './paths.mjs';

const stampFile = (name) => join(NOTES, `${name}.stamp`);

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** All files below a folder, sorted; none when it is missing. `skip` names whole sub-folders. */
export function filesUnder(folder, skip = []) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return [path];
      return skip.includes(path) ? [] : filesUnder(path, skip);
    })
    .sort();
}

/**
 * One hash over files (missing ones count as such) and further facts. Names and lengths go in as
 * well, so that moving text from one file to the next changes it.
 */
export function hashOf({ files = [], facts = [] }) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = read(file);
    hash.update(`${file}\0${content?.length ?? 'missing'}\0`);
    if (content !== undefined) hash.update(content);
  }
  hash.update(JSON.stringify(facts));
  return hash.digest('hex');
}

export function isFresh(name, hash) {
  return read(stampFile(name))?.toString() === hash;
}

export function clearStamp(name) {
  rmSync(stampFile(name), { force: true });
}

/** By rename, so that a reader without the lock sees a whole stamp or none. */
export function writeStamp(name, hash) {
  mkdirSync(NOTES, { recursive: true });
  const draft = `${stampFile(name)}.${process.pid}`;
  writeFileSync(draft, hash);
  renameSync(draft, stampFile(name));
}
