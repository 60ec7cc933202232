import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../fixtures/program.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

let folder = '';
beforeEach(async () => {
  process.umask(0o022);
  folder = await mkdtemp(join(tmpdir(), 'wgql-files-'));
  // Once the server in it has stopped.
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const modeOf = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o777;

/** The modes of the files in a folder, by name. */
async function modesOf(path: string): Promise<Record<string, string>> {
  const names = (await readdir(join(folder, path))).sort();
  const modes = await Promise.all(names.map((name) => modeOf(path, name)));
  return Object.fromEntries(names.map((name, index) => [name, (modes[index] ?? 0).toString(8)]));
}

const settings = (path: string) => ({ WGQL_DATABASE_URL: `file:${join(folder, path)}` });
const start = (path: string, env: Record<string, string> = {}) =>
  startTestApp({ env: { ...settings(path), ...env } });

const warnings = ({ log }: TestApp) =>
  log
    .map((line) => JSON.parse(line).msg as string)
    .filter((message) => message.includes('accessible to other users'));

describe('with a umask that lets others read', () => {
  it('only the owner can read the files and the folders created for them', async () => {
    const program = await startProgram({ cwd: folder, env: settings('deep/down/wgql.db') });
    expect(await modesOf('deep/down')).toEqual({
      'wgql.db': '600',
      'wgql.db-shm': '600',
      'wgql.db-wal': '600',
      'wgql.db.lock': '600',
      'wgql.key': '600',
    });
    expect(await modeOf('deep', 'down')).toBe(0o700);
    expect(await modeOf('deep')).toBe(0o700);
    await program.stop('SIGKILL');
  });

  it('a key file that cannot be created does not prevent the start, and is named in the log', async () => {
    const app = await start('deep/wgql.db', { WGQL_SECRET_KEY_FILE: '/proc/wgql.key' });
    expect(await modeOf('deep')).toBe(0o700);
    expect(app.log.join()).toContain('/proc/wgql.key');
  });

  it('files that others can read are made private, even those left by a crash', async () => {
    const first = await startProgram({ cwd: folder, env: settings('wgql.db') });
    await first.stop('SIGKILL');
    expect(await readdir(folder)).toContain('wgql.db-wal');
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644);
    await chmod(folder, 0o755);
    const second = await start('wgql.db');
    expect(new Set(Object.values(await modesOf('.')))).toEqual(new Set(['600']));
    expect(await modeOf('.')).toBe(0o700);
    expect(warnings(second)).toEqual([]);
  });

  it('a folder that contains something else is not changed, with a warning', async () => {
    for (const path of ['shared', 'keys']) await mkdir(join(folder, path), { mode: 0o755 });
    await writeFile(join(folder, 'shared', 'wgql.db.conf'), 'of another program');
    const keyFile = join(folder, 'keys', 'a.key');
    const app = await start('shared/wgql.db', { WGQL_SECRET_KEY_FILE: keyFile });
    expect([await modeOf('shared'), await modeOf('keys')]).toEqual([0o755, 0o700]);
    expect(warnings(app)).toEqual([
      expect.stringContaining(`The folder ${join(folder, 'shared')} is accessible`),
    ]);
  });

  it.runIf(process.getuid?.() === 0)('a folder of another user is not changed either', async () => {
    await chmod(folder, 0o755);
    await chown(folder, 65_534, 65_534);
    const app = await start('wgql.db');
    expect(await modeOf('.')).toBe(0o755);
    expect(warnings(app)).toHaveLength(1);
  });

  it('a file that is not a database is not changed', async () => {
    const path = join(folder, 'hosts');
    await writeFile(path, '127.0.0.1 localhost\n');
    await copyFile(path, `${path}.before`);
    await expect(start('hosts')).rejects.toThrow(/cannot be opened/);
    expect(await modesOf('.')).toEqual({ hosts: '644', 'hosts.before': '644' });
  });
});
