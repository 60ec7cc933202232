import { mkdir, mkdtemp, open, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/store/database/open.ts';
import { runHere } from '../../fixtures/command.ts';
import { newPublicKey } from '../../fixtures/fake-interface.ts';
import { run, startProgram } from '../../fixtures/program.ts';

const BOTH_LANGUAGES = /^[^\n]+\n[^\n]*[\u4e00-\u9fff][^\n]*\n/;

let folder = '';
let url = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-backup-'));
  url = `file:${join(folder, 'data', 'wgql.db')}`;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const env = () => ({ WGQL_DATABASE_URL: url });
/** Runs the command with the names of files in the folder. */
const backup = (...names: string[]) =>
  runHere({ env: env(), args: ['backup', ...names.map((name) => join(folder, name))] });
const modeOf = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o777;
function query(name: string, sql: string): unknown[] {
  const file = new Database(join(folder, name), { readonly: true });
  try {
    return file.prepare(sql).all();
  } finally {
    file.close();
  }
}
const usersIn = (name: string) => query(name, 'SELECT "publicKey" FROM "User"');

describe('wgql backup', () => {
  it('copies the database of a running server to a file that only its owner can read', async () => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const program = await startProgram({
      cwd: folder,
      env: { WGQL_DATABASE_URL: url, WGQL_MANAGE: 'on' },
    });
    const publicKey = newPublicKey();
    const made = await fetch(`${program.url}/api/users/create`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ peer_pubkey: publicKey }),
    });
    expect(made.status).toBe(200);
    const { code, stdout, stderr } = await run({
      cwd: folder,
      env: env(),
      args: ['backup', 'kept/copy.db'],
    });
    expect([code, stdout], stderr).toEqual([0, '']);
    expect(stderr).toMatch(BOTH_LANGUAGES);
    for (const line of stderr.trim().split('\n')) {
      expect(line).toContain(join(folder, 'kept', 'copy.db'));
      expect(line).toContain(join(folder, 'data', 'wgql.key'));
      expect(line).toContain('WGQL_SECRET_KEY_FILE');
    }
    expect(usersIn('kept/copy.db')).toEqual([{ publicKey }]);
    expect([await modeOf('kept', 'copy.db'), await modeOf('kept')]).toEqual([0o600, 0o700]);
    expect((await program.stop('SIGTERM')).code).toBe(0);
    // It is taken up as it is.
    const restored = await openDatabase(`file:${join(folder, 'kept', 'copy.db')}`);
    onTestFinished(() => restored.$disconnect());
    expect(await restored.user.findMany({ select: { publicKey: true } })).toEqual([{ publicKey }]);
  });

  it('overwrites nothing, and reports the problem in both languages', async () => {
    await (await openDatabase(url)).$disconnect();
    await writeFile(join(folder, 'mine'), 'kept');
    await writeFile(join(folder, 'text.db'), 'This is no database. '.repeat(500));
    const cases = [
      [['mine'], 1, /mine already exists/],
      [['mine/below'], 1, /cannot be written/],
      [[], 2, /wgql backup .*<file>/],
      [['a', 'b'], 2, /wgql backup .*<file>/],
    ] as const;
    for (const [args, expected, said] of cases) {
      const { code, stdout, stderr } = await backup(...args);
      expect([code, stdout], stderr).toEqual([expected, '']);
      expect(stderr).toMatch(said);
      expect(stderr).toMatch(BOTH_LANGUAGES);
    }
    for (const [name, said] of [
      ['none.db', /no database/],
      ['text.db', /cannot be opened/],
    ] as const) {
      url = `file:${join(folder, name)}`;
      const { code, stderr } = await backup('copy.db');
      expect([code, stderr]).toEqual([1, expect.stringMatching(said)]);
    }
    expect((await readdir(folder)).sort()).toEqual(['data', 'mine', 'text.db']);
  });
});

describe('a backup', () => {
  it('does not follow a link with its name, and leaves no temporary file', async () => {
    await (await openDatabase(url)).$disconnect();
    await symlink(join(folder, 'target'), join(folder, 'copy.db'));
    const { code, stderr } = await backup('copy.db');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/copy\.db already exists/)]);
    expect((await backup('other.db')).code).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['copy.db', 'data', 'other.db']);
    expect(usersIn('other.db')).toEqual([]);
  });

  it('that cannot be completed leaves nothing', async () => {
    await (await openDatabase(url)).$disconnect();
    const path = url.replace('file:', '');
    const size = (await stat(path)).size;
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(size / 2, 7), 0, null, size / 2);
    await file.close();
    const { code, stderr } = await backup('copy.db');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is damaged/)]);
    expect(await readdir(folder)).toEqual(['data']);
  });
});

describe('a database that an update is about to change', () => {
  it('is copied first, and only the newest copy is kept', async () => {
    const path = join(folder, 'data', 'wgql.db');
    await (await openDatabase(url)).$disconnect();
    expect(await readdir(join(folder, 'data'))).toEqual(['wgql.db']);
    // As the version before the last two migrations left it.
    const file = new Database(path);
    const names = file
      .prepare(`SELECT "migration_name" AS "name" FROM "_prisma_migrations" ORDER BY 1`)
      .all() as { name: string }[];
    const [last, before] = [names.at(-1)?.name, names.at(-2)?.name];
    file.exec(`DELETE FROM "_prisma_migrations" WHERE "migration_name" = '${last}'`);
    file.close();
    await writeFile(join(folder, 'data', 'wgql.db.0001_start.backup'), 'of an earlier update');
    await mkdir(join(folder, 'data', 'wgql.db.0001_start.backup.new-abcdef'));
    // The last one cannot be applied twice, which the copy does not mind.
    await openDatabase(url).then(
      (db) => db.$disconnect(),
      () => {},
    );
    const copy = `wgql.db.${before}.backup`;
    expect((await readdir(join(folder, 'data'))).sort()).toEqual(['wgql.db', copy]);
    expect(await modeOf('data', copy)).toBe(0o600);
    expect(query(join('data', copy), 'SELECT count(*) AS "n" FROM "_prisma_migrations"')).toEqual([
      { n: names.length - 1 },
    ]);
  });
});
