import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { run } from '../fixtures/program.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { temporaryFolder } from './support.ts';

const folder = temporaryFolder();

describe('the program refuses to start', () => {
  it('with all mistakes in the settings reported together', async () => {
    const { code, stdout, stderr } = await run({
      cwd: folder.path,
      env: {
        WGQL_PORT: '80a',
        WGQL_POLL_INTERVAL_MS: '5',
        WGQL_TIME_ZONE: 'Mars/Olympus',
        WGQL_MANAGE: 'perhaps',
        WGQL_TOKEN: 'short',
        WGQL_HOST: '0.0.0.0',
        WGQL_DATABASE_URL: 'mysql://x',
        WGQL_INTERFACES: 'wg0,a name with spaces',
        WGQL_LOG_LEVEL: 'loud',
      },
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    for (const name of [
      'WGQL_PORT',
      'WGQL_POLL_INTERVAL_MS',
      'WGQL_TIME_ZONE',
      'WGQL_MANAGE',
      'WGQL_TOKEN',
      'WGQL_DATABASE_URL',
      'WGQL_INTERFACES',
      'WGQL_LOG_LEVEL',
    ]) {
      expect(stderr).toMatch(new RegExp(`^${name} (must|contains)`, 'm'));
      expect(stderr).toMatch(new RegExp(`^${name} .*[\\u4e00-\\u9fff]`, 'm'));
    }
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain('short');
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('when its port is in use, with one sentence', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const { code, stderr } = await run({
      cwd: folder.path,
      env: { ...folder.settings(), WGQL_PORT: String(port) },
    });
    holder.close();
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      `Port ${port} on 127.0.0.1 is in use; stop the other program or set WGQL_PORT.`,
      `127.0.0.1 的端口 ${port} 已被占用；请停止占用它的程序或设置 WGQL_PORT。`,
    ]);
  });

  it('when its database cannot be written, with one sentence', async () => {
    await writeFile(join(folder.path, 'file'), 'no folder');
    await writeFile(join(folder.path, 'text.db'), 'This is no database. '.repeat(500));
    const paths = [
      join(folder.path, 'file', 'wgql.db'),
      join(folder.path, 'text.db'),
      folder.path,
    ] as const;
    for (const path of paths) {
      const env = { WGQL_DATABASE_URL: `file:${path}` };
      const error = await startTestApp({ env }).catch((reason) => reason);
      expect(error).toBeInstanceOf(AppError);
      expect(error.text.en).toContain(path);
      expect(error.text.zh).toMatch(/[\u4e00-\u9fff]/);
      for (const text of [error.text.en, error.text.zh]) expect(text).not.toContain('\n');
    }
    const { code, stderr } = await run({
      cwd: folder.path,
      env: { WGQL_DATABASE_URL: `file:${paths[0]}` },
    });
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(paths[0]);
    expect(lines[1]).toMatch(/[\u4e00-\u9fff]/);
  });
});
