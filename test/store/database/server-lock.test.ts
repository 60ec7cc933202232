import { link, mkdir, mkdtemp, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { lockForServer, type ServerLock } from '../../../src/store/database/server-lock.ts';
import { runHere } from '../../fixtures/command.ts';
import { newPublicKey } from '../../fixtures/fake-interface.ts';
import { run, startProgram } from '../../fixtures/program.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const on = (name: string) => ({
  cwd: folder,
  env: { WGQL_DATABASE_URL: `file:${join(folder, name)}` },
});

const IN_USE = /^Another wgql server/;

/** Locks the database in this process, as a server does first of all, until the test has finished. */
async function lock(name: string): Promise<ServerLock> {
  const locked = await lockForServer(join(folder, name));
  onTestFinished(() => locked.release());
  return locked;
}

describe('a database used by a server', () => {
  it('is refused to a second server under any name and in any namespace, also without the lock file', async () => {
    const first = await startProgram(on('wgql.db'));
    await symlink('wgql.db', join(folder, 'same.db'));
    const { code, stdout, stderr } = await run(on('same.db'));
    const path = join(folder, 'same.db');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trim().split('\n')).toEqual([
      `Another wgql server is using the database ${path}; stop it, or set WGQL_DATABASE_URL to another file.`,
      `另一个 wgql 服务器正在使用数据库 ${path}；请停止它，或将 WGQL_DATABASE_URL 设为其他文件。`,
    ]);
    await mkdir(join(folder, 'other'));
    await link(join(folder, 'wgql.db'), join(folder, 'other', 'wgql.db'));
    await unlink(join(folder, 'wgql.db.lock'));
    for (const name of ['other/wgql.db', 'wgql.db']) {
      await expect(lock(name), name).rejects.toThrow(IN_USE);
    }
    const elsewhere = await run({ ...on('wgql.db'), script: 'exec "$NODE" "$PROGRAM"' });
    expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringMatching(IN_USE)]);
    expect((await fetch(`${first.url}/api/status`)).status).toBe(200);
    expect((await first.stop('SIGTERM')).code).toBe(0);
    await lock('wgql.db');
  });

  it('is protected by the lock file if there is no flock command, with a warning', async () => {
    const { cwd, env } = on('wgql.db');
    const first = await startProgram({ cwd, env: { ...env, PATH: '/nowhere' } });
    expect(first.lines.join()).toContain('install util-linux');
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('PATH', '/nowhere');
    await expect(lock('wgql.db')).rejects.toThrow(IN_USE);
    await first.stop('SIGKILL');
  });

  it('can be used by commands, can still be written after them, and is free once the server was killed', async () => {
    const { cwd, env } = on('wgql.db');
    const first = await startProgram({ cwd, env: { ...env, WGQL_MANAGE: 'on' } });
    for (const args of [
      ['token', 'list'],
      ['backup', join(folder, 'copy.db')],
    ]) {
      expect((await runHere({ env, args })).code).toBe(0);
    }
    const created = await fetch(`${first.url}/api/users/create`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ peer_pubkey: newPublicKey() }),
    });
    expect(created.status).toBe(200);
    const args = ['token', 'create', '--name', 'ops', '--role', 'admin'];
    expect((await runHere({ env, args })).code).toBe(0);
    await first.stop('SIGKILL');
    await lock('wgql.db');
  });
});
