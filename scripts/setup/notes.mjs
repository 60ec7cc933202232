/** For each step, the log of its last run, and a stamp: the hash of its inputs at its last success. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';

/** Git ignores it, and it may be deleted at any time. */
const NOTES = '.setup';
const stampOf = (step) => join(NOTES, `${step}.stamp`);
export const logOf = (step) => join(NOTES, `${step}.log`);

const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
export const readStamp = (step) => read(stampOf(step));
export const readLog = (step) => read(logOf(step));
export const endOfLog = (step) => readLog(step).split('\n').slice(-100).join('\n');
export const writeStamp = (step, hash) => fs.writeFileSync(stampOf(step), hash);

/** Prepares the notes of a step that is about to run. Its stamp is removed, so that it cannot look complete. */
export function begin(step) {
  try {
    fs.mkdirSync(NOTES, { recursive: true });
    fs.writeFileSync(logOf(step), '');
    fs.rmSync(stampOf(step), { force: true });
  } catch ({ code }) {
    throw new Failure('readOnly', { code });
  }
}

export function filesUnder(folder) {
  const paths = fs.readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  return paths.filter((path) => fs.statSync(path).isFile()).sort();
}

/** Includes the version of Node.js's binary interface, because compiled modules fit only one. */
export function hashOf(files) {
  const { platform, arch, versions } = process;
  const hash = createHash('sha256').update(JSON.stringify([platform, arch, versions.modules]));
  for (const file of files) hash.update(JSON.stringify([file, read(file)]));
  return hash.digest('hex');
}
