import { execFileSync } from 'node:child_process';
import { chown, lchown, mkdir, open, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppError } from '../../../src/domain/errors.ts';
import { openDatabase } from '../../../src/store/database/open.ts';
import { openBesideServer } from '../../../src/store/database/open-beside-server.ts';
import { openFailure } from '../../../src/store/failures/open-failure.ts';
import { temporaryDatabaseUrl } from '../../fixtures/test-store.ts';

const isRoot = process.getuid?.() === 0;

const sql = (path: string, script: string) => {
  const db = new Database(path);
  db.exec(script);
  db.close();
};

/** What makes a database that cannot be opened, and what is said of it. */
const CASES: readonly (readonly [string, (path: string) => Promise<unknown>, RegExp, RegExp])[] = [
  ['a text file', (path) => writeFile(path, 'words '.repeat(999)), /not a SQLite/, /不是 SQLite/],
  ['a folder', (path) => mkdir(path), /folder, a pipe or a device/, /目录、管道/],
  [
    'a pipe',
    async (path) => execFileSync('mkfifo', [path]),
    /folder, a pipe or a device/,
    /目录、管道/,
  ],
  [
    'the database of another program',
    async (path) => sql(path, 'CREATE TABLE "Song" ("id" INTEGER)'),
    /belongs to another program/,
    /属于其他程序/,
  ],
  [
    'that of a newer version',
    async (path) => {
      await (await openDatabase(`file:${path}`)).$disconnect();
      sql(
        path,
        `UPDATE "_prisma_migrations" SET "migration_name" = '9999_later' WHERE "id" =
        (SELECT max("id") FROM "_prisma_migrations")`,
      );
    },
    /newer version/,
    /更高版本/,
  ],
  ['a link that leads in a circle', (path) => symlink(path, path), /symbolic link/, /符号链接/],
  [
    'a damaged file',
    async (path) => {
      await (await openDatabase(`file:${path}`)).$disconnect();
      const file = await open(path, 'r+');
      await file.write(Buffer.alloc((await file.stat()).size - 100, 7), 0, null, 100);
      await file.close();
    },
    /is damaged/,
    /已损坏/,
  ],
];

async function refusalOf(url: string): Promise<AppError> {
  return openDatabase(url).then(
    () => expect.unreachable('It was opened.'),
    (error) => error,
  );
}

describe('opening a database', () => {
  it.each(CASES)('is refused with a specific message for %s', async (_, prepare, en, zh) => {
    const url = await temporaryDatabaseUrl();
    await prepare(url.replace('file:', ''));
    expect(await refusalOf(url)).toMatchObject({
      code: 'UNAVAILABLE',
      text: { en: expect.stringMatching(en), zh: expect.stringMatching(zh) },
    });
  });

  it('a path through a file', async () => {
    const url = await temporaryDatabaseUrl();
    await writeFile(url.replace('file:', ''), '');
    expect((await refusalOf(`${url}/below.db`)).text.en).toMatch(/is a file, not a folder/);
  });

  it('a folder that cannot be created, such as one below /proc', async () => {
    expect((await refusalOf('file:/proc/x/y.db')).text.en).toMatch(/folder does not exist/);
  });

  it('a lock of another program', async () => {
    const url = await temporaryDatabaseUrl();
    const path = url.replace('file:', '');
    const other = new Database(path);
    onTestFinished(() => void other.close());
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE "T" ("id" TEXT)');
    expect((await refusalOf(url)).text.en).toMatch(/locked by another program/);
  }, 20_000);

  it.runIf(isRoot)('a symbolic link that another user created', async () => {
    const url = await temporaryDatabaseUrl();
    const path = url.replace('file:', '');
    const target = join(dirname(path), 'theirs');
    await symlink(target, path);
    await lchown(path, 65_534, 65_534);
    expect((await refusalOf(url)).text.en).toMatch(/symbolic link that another user created/);
    await expect(stat(target)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.runIf(isRoot)('is allowed for a file of another user, which keeps its owner', async () => {
    const url = await temporaryDatabaseUrl();
    const path = url.replace('file:', '');
    await writeFile(path, '', { mode: 0o640 });
    await chown(path, 65_534, 65_534);
    await (await openDatabase(url)).$disconnect();
    const { mode, uid } = await stat(path);
    expect([mode & 0o777, uid]).toEqual([0o640, 65_534]);
  });

  it('is refused to a command too', async () => {
    const url = await temporaryDatabaseUrl();
    await writeFile(url.replace('file:', ''), 'words '.repeat(999));
    await expect(openBesideServer(url, { mayMake: true })).rejects.toMatchObject({
      text: { en: expect.stringContaining('not a SQLite database') },
    });
  });

  it.each([
    ['ERR_DLOPEN_FAILED', /npm ci/],
    ['EACCES', /permissions/],
    ['SQLITE_READONLY_DIRECTORY', /permissions/],
    ['EROFS', /read-only/],
    ['ENOSPC', /disk is full/],
    ['SQLITE_FULL', /disk is full/],
    ['SQLITE_IOERR_SHMSIZE', /disk is full/],
    ['SQLITE_IOERR_READ', /disk reports a failure/],
    ['EMFILE', /out of file handles/],
    ['ENAMETOOLONG', /too long/],
  ])('is refused with a specific message for %s', (code, sentence) => {
    const wrapped = new Error('outer', { cause: Object.assign(new Error('inner'), { code }) });
    const { en, zh } = openFailure('/x.db', wrapped);
    expect(en).toMatch(sentence);
    expect(zh).toMatch(/[\u4e00-\u9fff].*。$/);
  });
});
