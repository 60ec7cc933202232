import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWgQuick } from '../../src/import/wg-quick.ts';
import { runHere } from '../fixtures/command.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { plant } from '../fixtures/leak-detector.ts';
import { run, startProgram } from '../fixtures/program.ts';

let folder = '';
let env: Record<string, string> = {};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-restore-'));
  env = { WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`, WGQL_MANAGE: 'on' };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const program = (...args: string[]) => run({ cwd: folder, env, args });

/** Starts a server on the database, runs the commands of GraphQL and stops it. */
async function withServer(...documents: string[]) {
  const server = await startProgram({ cwd: folder, env });
  for (const query of documents) {
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await answer.json()).not.toHaveProperty('errors');
  }
  return server;
}

const createUser = (publicKey: string, more = '') =>
  `mutation { createUser(input: { publicKey: "${publicKey}" interface: "wg0" ${more} }) { user { id } } }`;

function keysIn(file: string): unknown[] {
  const db = new Database(join(folder, file), { readonly: true });
  try {
    return db.prepare('SELECT "publicKey" FROM "User" ORDER BY "id"').pluck().all();
  } finally {
    db.close();
  }
}

describe('wgql restore', () => {
  it('replaces the database by the backup and keeps what was there', async () => {
    const [first, second] = [newPublicKey(), newPublicKey()];
    let server = await withServer(createUser(first));
    expect((await program('backup', 'copy.db')).code).toBe(0);
    const refused = await program('restore', 'copy.db');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/another|in use|already/i);
    await server.stop('SIGTERM');
    server = await withServer(createUser(second));
    // A server that was killed leaves commits in the log beside the database.
    await server.stop('SIGKILL');
    const { code, stderr } = await program('restore', 'copy.db');
    expect(code, stderr).toBe(0);
    const [kept = ''] = (await readdir(folder)).filter((name) => name.endsWith('.backup'));
    expect(kept).toMatch(/^wgql\.db\.\d{14}\.backup$/);
    expect([keysIn('wgql.db'), keysIn(kept)]).toEqual([[first], [first, second]]);
    await (await withServer()).stop('SIGTERM');
    expect(keysIn('wgql.db')).toEqual([first]);
  });

  it('replaces a database that is damaged, and keeps it as it is', async () => {
    const publicKey = newPublicKey();
    await (await withServer(createUser(publicKey))).stop('SIGTERM');
    expect((await program('backup', 'copy.db')).code).toBe(0);
    const bytes = await readFile(join(folder, 'wgql.db'));
    bytes.fill(0xff, 4096, 40_960);
    await writeFile(join(folder, 'wgql.db'), bytes);
    const { code, stderr } = await program('restore', 'copy.db');
    expect(code, stderr).toBe(0);
    expect(keysIn('wgql.db')).toEqual([publicKey]);
    const [kept = ''] = (await readdir(folder)).filter((name) => name.endsWith('.backup'));
    expect((await readFile(join(folder, kept))).equals(bytes)).toBe(true);
  });

  it('changes nothing if the file is not a database of wgql', async () => {
    const publicKey = newPublicKey();
    await (await withServer(createUser(publicKey))).stop('SIGTERM');
    await writeFile(join(folder, 'text.db'), 'This is no database. '.repeat(500));
    new Database(join(folder, 'other.db')).exec('CREATE TABLE "x" ("y")').close();
    await writeFile(join(folder, 'empty.db'), '');
    const before = (await readdir(folder)).sort();
    for (const file of ['text.db', 'other.db', 'empty.db', 'none.db']) {
      const { code, stdout } = await runHere({ env, args: ['restore', join(folder, file)] });
      expect([file, code, stdout]).toEqual([file, 1, '']);
    }
    expect((await readdir(folder)).sort()).toEqual(before);
    expect(keysIn('wgql.db')).toEqual([publicKey]);
  });
});

describe('wgql export', () => {
  it('prints the managed peers so that wg-quick and an import read them', async () => {
    const [ada, bob] = [newPublicKey(), newPublicKey()];
    const presharedKey = plant(newPublicKey());
    const server = await withServer(
      createUser(
        ada,
        `nickname: "Ada" presharedKey: "${presharedKey}" allowedIps: ["10.8.0.2/32", "fd00::2/128"] persistentKeepalive: 25`,
      ),
      createUser(bob, 'nickname: "Bob" enabled: false allowedIps: ["10.8.0.3/32"]'),
    );
    const exported = await program('export', 'wg0');
    await server.stop('SIGTERM');
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stderr).toContain('2 managed peers of wg0');
    expect(readWgQuick(exported.stdout, 'wg0').peers).toMatchObject([
      {
        publicKey: ada,
        nickname: 'Ada',
        presharedKey,
        allowedIps: ['10.8.0.2/32', 'fd00::2/128'],
        persistentKeepaliveSeconds: 25,
        enabled: true,
      },
      { publicKey: bob, nickname: 'Bob', enabled: false },
    ]);
    expect((await program('export', 'wg9')).stdout).toBe('');
  });
});
