import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export const OWNER_ONLY = 0o600;
export const OWNERS_FOLDER = 0o700;

/** The permissions of everyone except the owner. */
export const OTHERS = 0o077;

/** The maximum number of links that Linux follows. */
const MAX_LINKS = 40;

/** Creates missing folders, accessible only to the owner; an existing one is not changed. */
export function makeFolderOf(path: string): Promise<void> {
  return makeFolder(dirname(resolve(path)));
}

/** One folder at a time: `mkdir` with `recursive` never ends below /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, OWNERS_FOLDER);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    const parent = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder, OWNERS_FOLDER).catch((again: unknown) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}

/**
 * Opens a regular file with exactly this name. A symbolic link is not followed, and a pipe or a device is
 * refused: in a folder that others can write, they could lead to a file of another program.
 */
export async function openRegular(path: string, flags: number): Promise<FileHandle> {
  const { O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, flags | O_NOFOLLOW | O_NONBLOCK, OWNER_ONLY);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw Object.assign(new Error('This is no regular file.'), { code: 'EISDIR' });
}

/** Rejects for a file with a second name: in a folder that others can write, it may be any of our files. */
export async function refuseSecondName(file: FileHandle): Promise<void> {
  if ((await file.stat()).nlink <= 1) return;
  throw Object.assign(new Error('The file has a second name.'), { code: 'EMLINK' });
}

/**
 * Resolves symbolic links created by this user or root. Rejects for a link of another user, because that user
 * controls its target.
 */
export async function followOwnLinks(path: string, links = MAX_LINKS): Promise<string> {
  const found = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return null;
  });
  if (found === null || !found.isSymbolicLink()) return path;
  if (links === 0 || (found.uid !== 0 && found.uid !== process.getuid?.())) {
    throw Object.assign(new Error('Another user made this symbolic link.'), { code: 'ELOOP' });
  }
  return followOwnLinks(resolve(dirname(path), await readlink(path)), links - 1);
}

/**
 * Removes the permissions of others from a file. A file of another user, or one with a second name, is left
 * unchanged.
 */
export async function makePrivate(file: FileHandle): Promise<void> {
  const { mode, uid, nlink } = await file.stat();
  if ((mode & OTHERS) === 0 || uid !== process.getuid?.() || nlink > 1) return;
  await file.chmod(OWNER_ONLY);
}

/** Syncs a folder to the disk, and with it the name of a file that was created in it. */
export async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
