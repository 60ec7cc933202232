import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../fixtures/program.ts';
import { temporaryFolder } from '../process/support.ts';
import { manifest, ROOT, runFile } from './support.ts';

const folder = temporaryFolder();

const textOf = (name: string) => readFile(join(ROOT, name), 'utf8');
const linesOf = async (name: string) => (await textOf(name)).trim().split('\n');

/** The files of this repository that the image contains, by their place in it. */
async function copiedFiles(): Promise<Map<string, string>> {
  const copies = (await textOf('Dockerfile')).matchAll(/^COPY (?!--from)(\S+) (\S+)$/gm);
  return new Map([...copies].map(([, from = '', to = '']) => [to, join(ROOT, from)]));
}

describe('the Dockerfile', () => {
  it('copies only files that exist, and has the version of the package', async () => {
    const files = [...(await copiedFiles()).values()];
    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const { version, license, description } = await manifest();
    const text = await textOf('Dockerfile');
    expect(text).toContain(`ARG VERSION=${version}\n`);
    expect(text).toContain(`image.licenses="${license}"`);
    expect(text).toContain(`image.description="${description}"`);
  });

  it('copies none of the files that git ignores', async () => {
    // A name without a folder is one in any folder for git, but not for Docker.
    const ignored = (await linesOf('.gitignore'))
      .map((pattern) => pattern.replace(/\/$/, ''))
      .map((pattern) => (pattern.includes('/') ? pattern.replace(/^\//, '') : `**/${pattern}`));
    expect((await linesOf('.dockerignore')).sort()).toEqual(['.git', ...ignored].sort());
  });

  /** Runs the health check of the image with the settings of a server. */
  const healthOf = async (env: Record<string, string>): Promise<unknown> => {
    const [, json = ''] = /^HEALTHCHECK .*\\\n +CMD (.*)$/m.exec(await textOf('Dockerfile')) ?? [];
    const [program, file] = JSON.parse(json) as [string, string];
    expect(program).toBe('node');
    const script = (await copiedFiles()).get(file) as string;
    const ended = await runFile(process.execPath, [script], { env }).catch((error) => error);
    expect(ended).toMatchObject({ stdout: '', stderr: '' });
    return ended.code ?? 0;
  };

  it('reports whether the server answers, with and without TLS and on a chosen address', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'vpn.example' }]);
    const [WGQL_TLS_CERT, WGQL_TLS_KEY] = ['cert', 'key'].map((name) => join(folder.path, name));
    await writeFile(WGQL_TLS_CERT as string, cert);
    await writeFile(WGQL_TLS_KEY as string, key);
    const tls = { WGQL_TLS_CERT, WGQL_TLS_KEY } as Record<string, string>;
    for (const settings of [{}, tls, { WGQL_HOST: '127.0.0.2' }] as Record<string, string>[]) {
      const env = { ...folder.settings(), ...settings };
      const program = await startProgram({ cwd: folder.path, env });
      const own = { ...settings, WGQL_PORT: new URL(program.url).port };
      expect(await healthOf(own)).toBe(0);
      await program.stop('SIGTERM');
      expect(await healthOf(own)).toBe(1);
    }
  });
});
