/**
 * One set-up at a time. The lock is a folder, since making one either succeeds or fails for all;
 * inside it stands who holds it. A holder that no longer lives loses it to the next who comes.
 */
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NOTES } from './paths.mjs';
import { SetupError, say } from './report.mjs';

const LOCK = join(NOTES, 'lock');
const HOLDER = join(LOCK, 'pid');
/** Between making the folder and writing the name into it lies a moment, not seconds. */
const NAMELESS_MS = 5000;

/**
 * A process number alone is used again, in containers at once, so the start time goes with it
 * where the system tells it.
 */
function identity(pid) {
  let start = '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in parentheses and may hold spaces; the 20th field after it counts.
    start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // No such process, or no /proc on this system.
  }
  return `${pid} ${start}`;
}

function isAlive(holder) {
  const pid = Number(holder.split(' ')[0]);
  if (identity(pid) !== holder) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function make(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** The holder's identity; undefined while it is not (yet) written. */
function readHolder() {
  try {
    return readFileSync(HOLDER, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}

function isAbandoned(holder) {
  return holder === undefined ? ageMs(LOCK) > NAMELESS_MS : !isAlive(holder);
}

/**
 * Two who find the same dead holder must not both remove the lock: the slower one would remove the
 * lock that the quicker one has just taken. So removal has a guard of its own, under which the
 * holder is looked at once more.
 */
function removeAbandoned() {
  const guard = `${LOCK}.removal`;
  if (!make(guard)) {
    if (ageMs(guard) > NAMELESS_MS) rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (isAbandoned(readHolder())) rmSync(LOCK, { recursive: true, force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/** A tree that is set up runs where nothing can be written; one that is not cannot be set up there. */
function requireWritable() {
  try {
    mkdirSync(NOTES, { recursive: true });
    accessSync(NOTES, constants.W_OK);
  } catch (error) {
    throw new SetupError(
      [
        `This folder has to be set up, or its files have changed, and it cannot be written (${error.code}): run \`npm run setup\` where it can be written, then start again.`,
        `此目录需要设置（或其文件已更改），但无法写入（${error.code}）：请在可写的环境中运行 \`npm run setup\`，然后重新启动。`,
      ].join('\n'),
    );
  }
}

async function acquire() {
  requireWritable();
  let told = false;
  while (!make(LOCK)) {
    const holder = readHolder();
    if (isAbandoned(holder)) {
      removeAbandoned();
    } else if (!told && holder !== undefined) {
      say(`waiting for another set-up (process ${holder.split(' ')[0]}) to finish`);
      told = true;
    }
    await sleep(100);
  }
  writeFileSync(HOLDER, identity(process.pid));
}

/** Runs `work` while no other set-up of this folder does; the lock is given back in any case. */
export async function withLock(work) {
  await acquire();
  try {
    return await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}
