import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const runFile = promisify(execFile);

/** All files of the releases of tests have this time: 2023-11-14 22:13:20 UTC. */
const TIME = '1700000000';

/** Writes a release to a new folder. */
export async function makeRelease(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'wgql-release-'));
  await runFile(process.execPath, ['scripts/release.mjs', '--out', out], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, SOURCE_DATE_EPOCH: TIME },
  });
  return out;
}

export async function manifest(): Promise<Record<string, string>> {
  return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
}

/** A folder for PATH with no other programs than Node.js and the one that locks the database. */
export async function pathWithoutNpm(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-path-'));
  await symlink(process.execPath, join(folder, 'node'));
  const folders = (process.env.PATH ?? '').split(delimiter);
  const flock = folders.map((each) => join(each, 'flock')).find(existsSync);
  if (flock !== undefined) await symlink(flock, join(folder, 'flock'));
  return folder;
}

/** Adds a program that leaves a file when it is called, and returns the path of that file. */
export async function addProgram(folder: string, name: string): Promise<string> {
  const mark = join(folder, `${name}-was-called`);
  await writeFile(join(folder, name), `#!/bin/sh\n: > '${mark}'\n`, { mode: 0o755 });
  return mark;
}

/** What starts the installation in a folder that cannot be written: for root, it takes a mount. */
export function readOnly(folder: string): string[] {
  const program = join(folder, 'wgql');
  if (process.getuid?.() !== 0) return [program];
  const script = `
    /bin/mount --bind "$0" "$0" && /bin/mount -o remount,ro,bind "$0" || exit 99
    if (: > "$0/written") 2>/dev/null; then exit 98; fi
    exec "$0/wgql" "$@"`;
  return ['/usr/bin/unshare', '-m', '--propagation', 'private', '/bin/sh', '-c', script, folder];
}

/** Changes the mode of all folders of a tree. */
export async function setFolderModes(root: string, mode: number): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  for (const { parentPath, name } of folders) await chmod(join(parentPath, name), mode);
  await chmod(root, mode);
}

export async function removeAll(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
