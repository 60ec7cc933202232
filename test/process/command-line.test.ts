import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from '../fixtures/command.ts';
import { run } from '../fixtures/program.ts';
import { temporaryFolder } from './support.ts';

const folder = temporaryFolder();

describe('the command line', () => {
  /** Runs the command with an nft that leaves a mark when it is called. */
  const command = async (...args: string[]) => {
    const marker = join(folder.path, 'called');
    await writeFile(join(folder.path, 'nft'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    const PATH = `${folder.path}:${process.env.PATH}`;
    const ended = await run({
      cwd: folder.path,
      env: { ...folder.settings(), PATH, WGQL_MANAGE: 'on' },
      args,
    });
    const left = (await readdir(folder.path)).filter((name) => name !== 'nft');
    return { ...ended, left };
  };

  /** Runs the command in this process, with a table that tells whether it was touched. */
  const commandHere = async (...args: string[]) => {
    const touched: string[] = [];
    const table = {
      isThere: async () => touched.push('read') > 0,
      cleanup: async () => void touched.push('removed'),
    };
    const ended = await runHere({ env: { ...folder.settings(), WGQL_MANAGE: 'on' }, args, table });
    return { ...ended, left: [...touched, ...(await readdir(folder.path))] };
  };

  it('prints the help or the mistake and does nothing else, as the program that is started', async () => {
    const help = await command('cleanup', '--help');
    expect([help.code, help.left]).toEqual([0, []]);
    expect(help.stdout).toMatch(/^Usage: wgql cleanup/);
    const mistake = await command('cleanup', 'now');
    expect([mistake.code, mistake.stdout, mistake.left]).toEqual([2, '', []]);
    expect(mistake.stderr).toMatch(/^"now" is not a valid argument\.\n无法识别 "now"。\n/);
    expect(mistake.stderr).toContain(help.stdout);
  });

  it.each([
    ['--help'],
    ['-h'],
    ['help'],
    ['help', 'cleanup'],
    ['cleanup', '--help'],
    ['cleanup', '-h'],
    ['demo', '--help'],
    ['backup', '--help'],
    ['backup', 'file', '-h'],
    ['token', '--help'],
    ['token', 'create', '--name', 'a', '--role', 'admin', '--help'],
  ])('only prints the help if it is requested: %s %s', async (...args) => {
    const { code, stdout, left } = await commandHere(...args.filter((arg) => arg !== undefined));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: wgql/);
    expect(stdout).toMatch(/[\u4e00-\u9fff]/);
    expect(left).toEqual([]);
  });

  it.each([
    [['cleanpu'], /"cleanpu" is not a valid argument; did you mean cleanup\?/],
    [['nonsense'], /"nonsense" is not a valid argument\./],
    [['--verbose'], /"--verbose" is not a valid argument/],
    [['cleanup', 'now'], /"now" is not a valid argument/],
    [['cleanup', '--force'], /"--force" is not a valid argument/],
    [['demo', 'extra'], /"extra" is not a valid argument/],
    [['demo', '--port', '1'], /"--port" is not a valid argument/],
    [['version', 'x'], /"x" is not a valid argument/],
    [['help', 'tokne'], /"tokne" is not a valid argument; did you mean token\?/],
    [['token', 'lsit'], /"lsit" is not a valid argument; did you mean list\?/],
    [['backup'], /FILE is missing/],
    [['token', 'creat'], /"creat" is not a valid argument; did you mean create\?/],
    [['token', 'create', '--nmae', 'a'], /"--nmae" is not a valid argument; did you mean --name\?/],
    [['token', 'create', '--name'], /--name must be followed by a value/],
    [['token', 'list', 'all'], /"all" is not a valid argument/],
    [['backup', '--to', 'x'], /"--to" is not a valid argument/],
  ])('reports unknown arguments, and does nothing: %j', async (args, problem) => {
    const { code, stdout, stderr, left } = await commandHere(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(problem);
    expect(stderr).toMatch(/无法识别|需要一个值|缺少/);
    expect(left).toEqual([]);
  });

  it('prints its version for each word that asks for it', async () => {
    const version = [0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)];
    const { code, stdout } = await command('version');
    expect([code, stdout]).toEqual(version);
    for (const word of ['version', '--version', '-V']) {
      const here = await commandHere(word);
      expect([here.code, here.stdout]).toEqual(version);
    }
  });

  it('reports what it cleaned up, and unknown settings', async () => {
    const cleaned = await command('cleanup');
    expect([cleaned.code, cleaned.left]).toEqual([0, ['called']]);
    expect(cleaned.stderr).toMatch(/Removed the nftables table "inet wgql"/);
    const misspelt = await run({
      cwd: folder.path,
      env: { ...folder.settings(), WGQL_MANGE: 'on' },
      args: ['token', 'list'],
    });
    expect(misspelt.stderr).toMatch(/WGQL_MANGE is not a setting.*WGQL_MANAGE/);
  });

  it('removes nothing under WGQL_MANAGE=off, and does not even call nft', async () => {
    const marker = join(folder.path, 'called');
    await writeFile(join(folder.path, 'nft'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    const PATH = `${folder.path}:${process.env.PATH}`;
    const refused = await run({
      cwd: folder.path,
      env: { PATH, WGQL_MANAGE: 'off' },
      args: ['cleanup'],
    });
    expect([refused.code, existsSync(marker)]).toEqual([1, false]);
    expect(refused.stderr).toContain('WGQL_MANAGE=off');
  });
});
