#!/usr/bin/env node
/**
 * Prints what the program serves, as the source file SOURCE prints it; `--write` writes it to FILE, and
 * `--check` reports whether that file is up to date: `print-contract.mjs FILE SOURCE [--write|--check]`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name, source, option] = process.argv.slice(2);
const file = `${root}${name}`;

function printed() {
  const { status, stdout, error } = spawnSync(process.execPath, ['--import', 'tsx', source], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // An empty answer would otherwise end up as an empty contract.
  if (status !== 0 || stdout === '') {
    console.error(`${name} could not be printed${error ? `: ${error.message}` : '.'}`);
    process.exit(1);
  }
  return stdout;
}

function checkedIn() {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The first lines that differ are enough to see what happened; git shows the rest after --write. */
function check(now) {
  const before = checkedIn();
  if (before === now) {
    console.log(`${name} is what the program serves.`);
    return;
  }
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const line = fresh.findIndex((text, index) => text !== old[index]);
  const at = line === -1 ? fresh.length : line;
  console.error(`${name} differs from what the program serves, from line ${at + 1} on:`);
  for (const text of old.slice(at, at + 5)) console.error(`- ${text}`);
  for (const text of fresh.slice(at, at + 5)) console.error(`+ ${text}`);
  console.error('If the change is meant, run the same with `--write` and look at the diff.');
  process.exitCode = 1;
}

const now = printed();
if (option === '--check') check(now);
else if (option === '--write') writeFileSync(file, now);
else process.stdout.write(now);
