import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { OTHERS, OWNERS_FOLDER } from './private-files.ts';

/** The suffixes of the files that belong to a database. */
const BELONGING = /^(-wal|-shm|-journal|\.lock|\..+\.backup(\.new(-\w+)?)?)?$/;

/**
 * Removes the permissions of others from the folders of the database and of the key file, if this user owns
 * the folder and it contains nothing else: other users may need its other contents. Returns the folders that
 * stay accessible to others.
 */
export async function closeFolders(databasePath: string, keyFile: string): Promise<string[]> {
  // If the key file could not be created, its folder is left unchanged.
  const keyPath = await realpath(keyFile).catch(() => null);
  const files = [await realpath(databasePath), ...(keyPath === null ? [] : [keyPath])];
  const [database = '', key = ''] = files.map((file) => basename(file));
  const isKey = (name: string) => key !== '' && (name === key || name.startsWith(`${key}.`));
  const isOurs = (name: string) =>
    isKey(name) || (name.startsWith(database) && BELONGING.test(name.slice(database.length)));
  const open: string[] = [];
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    if (!(await isClosed(folder, isOurs))) open.push(folder);
  }
  return open;
}

async function isClosed(path: string, isOurs: (name: string) => boolean): Promise<boolean> {
  const { mode, uid } = await stat(path);
  if ((mode & OTHERS) === 0) return true;
  if (!isOwn(uid) || !(await readdir(path)).every(isOurs)) return false;
  return close(path);
}

/** The path may lead to another folder by now, so the opened folder is checked again. */
async function close(path: string): Promise<boolean> {
  const folder = await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    if (!isOwn((await folder.stat()).uid)) return false;
    await folder.chmod(OWNERS_FOLDER);
    return true;
  } catch {
    // Not every file system has permissions.
    return false;
  } finally {
    await folder.close();
  }
}

function isOwn(uid: number): boolean {
  return uid === process.getuid?.();
}
