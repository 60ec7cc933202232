import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { describe, expect, it } from 'vitest';
import { startFleet } from '../../rest/support.ts';
import * as program from './program.ts';

const CLIENTS = new URL('../', import.meta.url);
const read = (file: string) => readFile(new URL(`../../${file}`, CLIENTS), 'utf8');

const TOKEN = 'a-token-of-more-than-16-characters';

async function connected() {
  const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
  return { app, api: program.connect(app.url, TOKEN) };
}

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');

/** What Spectral finds, of any severity. */
async function findingsIn(document: string): Promise<string[]> {
  const spectral = new Spectral();
  spectral.setRuleset({ extends: [[oas as RulesetDefinition, 'recommended']] });
  const found = await spectral.run(document);
  return found.map(({ code, path }) => `${code} at ${path.join(' ')}`);
}

describe('openapi.json', () => {
  it('breaks none of the rules that Spectral recommends', async () => {
    expect(await findingsIn(await read('openapi.json'))).toEqual([]);
  });

  it('would break a rule if two operations had the same id', async () => {
    const document = JSON.parse(await read('openapi.json'));
    document.paths['/api/users'].get.operationId = 'createUser';
    expect(await findingsIn(JSON.stringify(document))).toEqual([
      'operation-operationId-unique at paths /api/users post operationId',
    ]);
  });
});

describe('a program with the client of openapi-typescript and openapi-fetch', () => {
  it('compiles under the strict rules of TypeScript 5.9, and its mistakes do not', async () => {
    const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', CLIENTS));
    const project = fileURLToPath(new URL('tsconfig.json', CLIENTS));
    const run = promisify(execFile);
    const { stdout: version } = await run(process.execPath, [compiler, '--version']);
    expect(version).toMatch(/^Version 5\.9\./);
    const { stdout } = await run(process.execPath, [compiler, '--project', project]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it('lists users in pages, creates, renames, disables and deletes one', async () => {
    const { app, api } = await connected();
    const id = await program.createUser(api, { peer_pubkey: keyOf(1), data_limit: 10 });
    const users = await program.listUsers(api, 2);
    expect(users.map((user) => user.id)).toEqual([1, 2, id]);
    expect(users[2]).toMatchObject({ peer_pubkey: keyOf(1), data_limit: 10, enabled: 1 });
    await program.updateUser(api, id, { nickname: 'Ada' });
    expect(await program.act(api, id, 'disable')).toBe('success');
    const [renamed] = (await program.listUsers(api, 1000)).slice(-1);
    expect(renamed).toMatchObject({ nickname: 'Ada', enabled: 0 });
    expect(await app.whilePolling(program.act(api, id, 'delete'))).toBe('success');
    expect(await program.listUsers(api, 1)).toHaveLength(2);
  });

  it('distinguishes an action that had nothing to do', async () => {
    const { api } = await connected();
    expect(await program.act(api, 2, 'kick')).toBe('info');
  });

  it('reads byte counts above 2^53 exactly', async () => {
    const { app, api } = await connected();
    app.online.rxBytes = 9007199254740993n;
    await app.polled();
    const [user] = await program.listUsers(api, 1);
    expect((await program.trafficByName(api)).get(user?.nickname ?? '')).toBe(9007199254740993n);
  });

  it('reads users again only after one has changed', async () => {
    const { api } = await connected();
    const first = await program.changedUsers(api, '"none"');
    expect(first?.users).toHaveLength(2);
    expect(await program.changedUsers(api, first?.tag ?? '')).toBeNull();
    await program.updateUser(api, 1, { nickname: 'Ada' });
    expect((await program.changedUsers(api, first?.tag ?? ''))?.users).toHaveLength(2);
  });

  it('knows failures by their code', async () => {
    const { app, api } = await connected();
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'no failure',
        (error: program.ApiError) => error.code,
      );
    await program.createUser(api, { peer_pubkey: keyOf(1) });
    expect(await codeOf(program.createUser(api, { peer_pubkey: keyOf(1) }))).toBe('CONFLICT');
    expect(await codeOf(program.createUser(api, { peer_pubkey: 'a key' }))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await codeOf(program.updateUser(api, 99, { nickname: 'Ada' }))).toBe('NOT_FOUND');
    const stranger = program.connect(app.url, 'another token of enough characters');
    expect(await codeOf(program.listUsers(stranger, 10))).toBe('UNAUTHENTICATED');
    expect(['CONFLICT', 'UNAUTHENTICATED', 'UNAVAILABLE', 'INTERNAL'].map(adviceOf)).toEqual([
      ...['correct', 'authenticate', 'wait', 'report'],
    ]);
  });
});

const adviceOf = (code: string) => program.adviceFor(code as program.ErrorCode);

describe('docs/REST.md', () => {
  it('shows code of the program', async () => {
    const source = await readFile(new URL('program.ts', import.meta.url), 'utf8');
    const [, snippet = ''] =
      /^\/\/ In docs\/REST\.md, from here\n(.*?)^\/\/ to here$/ms.exec(source) ?? [];
    expect(snippet).not.toBe('');
    expect(await read('docs/REST.md')).toContain(snippet);
  });
});
