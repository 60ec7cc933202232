import { link, mkdir, mkdtemp, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

describe('a database used by a server', () => {
  it('is refused to a second server under any name, with one sentence', async () => {
    const first = await startProgram(on('wgql.db'));
    await symlink('wgql.db', join(folder, 'same.db'));
    const { code, stdout, stderr } = await run(on('same.db'));
    const path = join(folder, 'same.db');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trim().split('\n')).toEqual([
      `Another wgql server is using the database ${path}; stop it, or set WGQL_DATABASE_URL to another file.`,
      `另一个 wgql 服务器正在使用数据库 ${path}；请停止它，或将 WGQL_DATABASE_URL 设为其他文件。`,
    ]);
    expect((await fetch(`${first.url}/api/status`)).status).toBe(200);
    expect((await first.stop('SIGTERM')).code).toBe(0);
  });

  it('is refused to a second server through a hard link, or after the lock file was removed', async () => {
    const first = await startProgram(on('wgql.db'));
    await mkdir(join(folder, 'other'));
    await link(join(folder, 'wgql.db'), join(folder, 'other', 'wgql.db'));
    await unlink(join(folder, 'wgql.db.lock'));
    for (const name of ['other/wgql.db', 'wgql.db']) {
      const { code, stderr } = await run(on(name));
      expect([code, stderr], name).toEqual([1, expect.stringContaining('Another wgql server')]);
    }
    expect((await first.stop('SIGTERM')).code).toBe(0);
    const next = await startProgram(on('wgql.db'));
    expect((await next.stop('SIGTERM')).code).toBe(0);
  });

  it('is refused to a second server in another network namespace', async () => {
    const first = await startProgram(on('wgql.db'));
    await unlink(join(folder, 'wgql.db.lock'));
    const { code } = await run({ ...on('wgql.db'), script: 'exec "$NODE" "$PROGRAM"' });
    expect(code).toBe(1);
    expect((await first.stop('SIGTERM')).code).toBe(0);
  });

  it('is protected by the lock file if there is no flock command, with a warning', async () => {
    const without = on('wgql.db');
    const first = await startProgram({ ...without, env: { ...without.env, PATH: '/nowhere' } });
    expect(first.lines.join()).toContain('install util-linux');
    const { code } = await run({ ...without, env: { ...without.env, PATH: '/nowhere' } });
    expect(code).toBe(1);
    await first.stop('SIGKILL');
  });

  it('can be used by commands, and can still be written after them', async () => {
    const { cwd, env } = on('wgql.db');
    const first = await startProgram({ cwd, env: { ...env, WGQL_MANAGE: 'on' } });
    for (const args of [
      ['token', 'list'],
      ['backup', 'copy.db'],
    ]) {
      expect((await run({ cwd, env, args })).code).toBe(0);
    }
    const created = await fetch(`${first.url}/api/users/create`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ peer_pubkey: newPublicKey() }),
    });
    expect(created.status).toBe(200);
    const args = ['token', 'create', '--name', 'ops', '--role', 'admin'];
    expect((await run({ cwd, env, args })).code).toBe(0);
    expect((await first.stop('SIGTERM')).code).toBe(0);
  });

  it('is available immediately after the server was killed', async () => {
    const first = await startProgram(on('wgql.db'));
    await first.stop('SIGKILL');
    const second = await startProgram(on('wgql.db'));
    expect((await second.stop('SIGTERM')).code).toBe(0);
  });
});
