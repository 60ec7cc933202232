import { execFileSync } from 'node:child_process';
import {
  chown,
  lchown,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/store/database/open.ts';
import { lockForServer } from '../../../src/store/database/server-lock.ts';
import { readOrMakeKey } from '../../../src/store/files/key-file.ts';
import { closeFolders } from '../../../src/store/files/private-folders.ts';

const OTHER_USER = 65_534;

let folder = '';
let victim = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-private-'));
  victim = join(folder, 'victim', 'passwd');
  await mkdir(join(folder, 'victim'));
  await writeFile(victim, 'root:x:0:0\n', { mode: 0o644 });
});
afterEach(async () => {
  expect(await readFile(victim, 'utf8')).toBe('root:x:0:0\n');
  expect((await stat(victim)).mode & 0o777).toBe(0o644);
  await rm(folder, { recursive: true, force: true });
});

/** Everything that a start opens beside the database. */
const open = async () => {
  const path = join(folder, 'wgql.db');
  (await lockForServer(path)).release();
  await (await openDatabase(`file:${path}`)).$disconnect();
};

describe('a file that another user put in the place of a file of wgql', () => {
  it.each(['wgql.db-wal', 'wgql.db-shm', 'wgql.db-journal', 'wgql.db.lock'])(
    'is not followed: a symbolic link as %s',
    async (name) => {
      await symlink(victim, join(folder, name));
      await expect(open()).rejects.toThrow();
    },
  );

  it.each(['wgql.db-wal', 'wgql.db-shm', 'wgql.db-journal', 'wgql.db.lock'])(
    'is not written: a hard link as %s',
    async (name) => {
      await link(victim, join(folder, name));
      await expect(open()).rejects.toThrow(/second name/);
    },
  );

  it('is not waited for: a pipe as the WAL or the key file', async () => {
    execFileSync('mkfifo', [join(folder, 'wgql.db-wal'), join(folder, 'wgql.key')]);
    await expect(open()).rejects.toThrow();
    await expect(readOrMakeKey(join(folder, 'wgql.key'))).rejects.toThrow();
  });

  it.runIf(process.getuid?.() === 0)(
    'is not followed: a link of another user as the key file',
    async () => {
      const key = join(folder, 'wgql.key');
      await symlink(join(folder, 'victim', 'new'), key);
      await lchown(key, OTHER_USER, OTHER_USER);
      await expect(readOrMakeKey(key)).rejects.toThrow();
      await expect(stat(join(folder, 'victim', 'new'))).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );

  it.runIf(process.getuid?.() === 0)('keeps its mode: a key file of another user', async () => {
    const key = join(folder, 'wgql.key');
    await writeFile(key, Buffer.alloc(32, 1).toString('base64'), { mode: 0o640 });
    await chown(key, OTHER_USER, OTHER_USER);
    await readOrMakeKey(key);
    expect((await stat(key)).mode & 0o777).toBe(0o640);
  });
});

describe('a symbolic link of the same user', () => {
  it('is followed for the database and the key file, which become private', async () => {
    const target = join(folder, 'elsewhere');
    await mkdir(target);
    await symlink(join(target, 'w.db'), join(folder, 'wgql.db'));
    await symlink(join(target, 'w.key'), join(folder, 'wgql.key'));
    await open();
    await readOrMakeKey(join(folder, 'wgql.key'));
    for (const name of ['w.db', 'w.key', 'w.db.lock']) {
      expect((await stat(join(target, name))).mode & 0o777, name).toBe(0o600);
    }
    expect(await closeFolders(join(folder, 'wgql.db'), join(folder, 'wgql.key'))).toEqual([]);
  });
});
