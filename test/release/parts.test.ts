import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT, runFile } from './support.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-parts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** They are plain JavaScript without declarations. */
const load = (name: string) => import(join(ROOT, 'scripts/release', name));

describe('the licences of a release', () => {
  /** The licences of a bundle with one file of a package. */
  const licencesWith = async (manifest: object, files: Record<string, string> = {}) => {
    const installed = join(folder, 'node_modules', 'left');
    await mkdir(installed, { recursive: true });
    const text = JSON.stringify({ name: 'left', version: '1.2.3', ...manifest });
    await writeFile(join(installed, 'package.json'), text);
    for (const [name, text] of Object.entries(files)) await writeFile(join(installed, name), text);
    const { licencesOf } = await load('../licences.mjs');
    return licencesOf([join(installed, 'lib/index.js'), 'src/main.ts']);
  };

  it('say that a package is in the public domain', async () => {
    expect(await licencesWith({ license: 'Unlicense' })).toContain('public domain');
  });

  it('include the notice of a package', async () => {
    const files = { 'LICENSE.md': 'The licence.\n', NOTICE: 'The notice.\n', 'README.md': 'No.\n' };
    const text = await licencesWith({ license: 'Apache-2.0' }, files);
    expect(text).toContain('left 1.2.3 (Apache-2.0)\n\nThe licence.\n\nThe notice.\n');
    expect(text).not.toContain('No.');
  });

  it.each([['GPL-3.0-only'], ['UNLICENSED'], [undefined]])(
    'must be permissive, which %s is not',
    async (license) => {
      const made = licencesWith({ license }, { LICENSE: 'Some text.' });
      await expect(made).rejects.toThrow(/^left has the licence/);
    },
  );

  it('must have a text', async () => {
    const repository = { url: 'git+https://github.com/someone/left.git' };
    await expect(licencesWith({ license: 'MIT', repository })).rejects.toThrow(
      'left contains no text of its licence.',
    );
  });

  it.each([
    ['ardatan/whatwg-node'],
    [{ url: 'ardatan/whatwg-node' }],
    [{ url: 'git+https://github.com/ardatan/whatwg-node.git' }],
  ])(
    'have the copyright line of the repository %j, whose packages include no text',
    async (repository) => {
      expect(await licencesWith({ license: 'MIT', repository })).toMatch(
        /MIT License\n\nCopyright \(c\) 2023 Arda TANRIKULU\n\nPermission is hereby granted/,
      );
    },
  );
});

describe('the compiled modules of a release', () => {
  it('have the version of Node.js in their name that they were compiled for', async () => {
    const { copyCompiledModules } = await load('compiled-modules.mjs');
    const other = join(folder, 'other.node');
    await writeFile(other, Buffer.from('\x7fELF\0\xffnode_register_module_v137\0', 'latin1'));
    const target = join(folder, 'lib');
    await mkdir(target);
    copyCompiledModules(target, [other]);
    const [major] = process.versions.node.split('.');
    const names = [`better_sqlite3-node${major}.node`, 'better_sqlite3-node24.node'];
    expect(await readdir(target)).toEqual([...new Set(names)].sort());
  });

  it('must not end the process when the garbage collector frees an object', async () => {
    const { copyCompiledModules } = await load('compiled-modules.mjs');
    const other = join(folder, 'other.node');
    const symbols = 'node_register_module_v137\0_ZN4node28RemoveEnvironmentCleanupHookE\0';
    await writeFile(other, symbols);
    expect(() => copyCompiledModules(folder, [other])).toThrow(/can end the process/);
  });

  it('must be compiled for a known Node.js', async () => {
    const { copyCompiledModules } = await load('compiled-modules.mjs');
    const other = join(folder, 'other.node');
    await writeFile(other, 'node_register_module_v1');
    expect(() => copyCompiledModules(folder, [other])).toThrow(/is not a module for a known/);
  });
});

describe('the command of an installation', () => {
  it('says how to compile a SQLite module that npm has not made, also in a folder with a space', async () => {
    const root = join(folder, "it's here");
    const installed = join(root, 'node_modules/better-sqlite3');
    await mkdir(join(root, 'lib'), { recursive: true });
    await mkdir(installed, { recursive: true });
    await writeFile(join(installed, 'package.json'), '{}');
    await cp(join(ROOT, 'scripts/release/start.cjs'), join(root, 'wgql.cjs'));
    const failed = runFile(process.execPath, [join(root, 'wgql.cjs'), 'version']);
    const { stderr } = (await failed.catch((error) => error)) as { stderr: string };
    const [english = '', chinese] = stderr.split('\n');
    expect(english).toMatch(/^npm installed no SQLite module; compile it: cd /);
    expect(chinese).toMatch(/[\u4e00-\u9fff]/);
    // The command, with something that shows what npm would get.
    const command = english.replace(/^.*?: /, '').replace('npm run build-release', 'env');
    const { stdout } = await runFile('sh', ['-c', `${command} && pwd`]);
    expect(stdout).toContain(
      `CXXFLAGS=-include '${root.replace("'", "'\\''")}/lib/no-object-hooks.h'`,
    );
    expect(stdout.trimEnd().endsWith(installed)).toBe(true);
  });

  it('refuses a SQLite module of npm that can end the process, and says how to compile it', async () => {
    const installed = join(folder, 'node_modules/better-sqlite3');
    await mkdir(join(folder, 'lib'));
    await mkdir(join(installed, 'build/Release'), { recursive: true });
    await writeFile(join(installed, 'package.json'), '{}');
    const symbols = '_ZN4node28RemoveEnvironmentCleanupHookE';
    await writeFile(join(installed, 'build/Release/better_sqlite3.node'), symbols);
    await cp(join(ROOT, 'scripts/release/start.cjs'), join(folder, 'wgql.cjs'));
    const failed = runFile(process.execPath, [join(folder, 'wgql.cjs'), 'version']);
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^The installed SQLite module .*compile it again: cd \S+ && CXXFLAGS=.* npm run build-release\n.*[\u4e00-\u9fff].*\n$/,
      ),
    });
  });

  it('names the versions of Node.js that its archive is for if the running one is none of them', async () => {
    await mkdir(join(folder, 'lib'));
    for (const node of [7, 99]) {
      await writeFile(join(folder, 'lib', `better_sqlite3-node${node}.node`), '');
    }
    await cp(join(ROOT, 'scripts/release/start.cjs'), join(folder, 'wgql.cjs'));
    const failed = runFile(process.execPath, [join(folder, 'wgql.cjs'), 'version']);
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^The SQLite module .* Node\.js 7, 99, .*\n.*[\u4e00-\u9fff].*\n$/,
      ),
    });
  });
});
