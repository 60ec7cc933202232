import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runHere } from '../fixtures/command.ts';
import { run, startProgram } from '../fixtures/program.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { bearer, makeStaff, makeToken, revoke } from '../fixtures/tokens.ts';

const OWN = 'a-token-of-more-than-thirty-two-characters';

describe('authentication', () => {
  it('is not required on loopback if the database never had a token', async () => {
    const app = await startTestApp();
    expect((await app.rest('/api/users')).status).toBe(200);
    await app.restart();
    expect((await app.rest('/api/users', { headers: bearer('anything') })).status).toBe(200);
  });

  it('stays required when all tokens are revoked or expired, also after a restart, which warns of it', async () => {
    const app = await startTestApp();
    const { admin, operator, viewer } = await makeStaff(app);
    for (const token of [operator, viewer, admin]) await revoke(app, token, admin);
    expect((await app.rest('/api/users')).status).toBe(401);
    await app.restart();
    expect((await app.rest('/api/users')).status).toBe(401);
    expect((await app.rest('/api/users', { headers: admin.headers })).status).toBe(401);
    expect(app.log.join('\n')).toMatch(/no token is valid/);
  });

  it('stays required after WGQL_TOKEN was set once', async () => {
    const app = await startTestApp({ env: { WGQL_TOKEN: OWN } });
    expect((await app.rest('/api/users', { headers: bearer(OWN) })).status).toBe(200);
    await app.restart({ WGQL_TOKEN: '' });
    expect((await app.rest('/api/users')).status).toBe(401);
    expect((await app.rest('/api/users', { headers: bearer(OWN) })).status).toBe(401);
  });

  it('accepts WGQL_TOKEN as an administrator, and the tokens of the database', async () => {
    const app = await startTestApp({ env: { WGQL_TOKEN: OWN } });
    const made = await makeToken(app, { name: 'vera', role: 'VIEWER' }, bearer(OWN));
    const asks = { query: '{ tokens { name createdBy } }', headers: bearer(OWN) };
    const { data } = await app.graphql(asks.query, {}, asks.headers);
    expect(data.tokens).toEqual([{ name: 'vera', createdBy: 'WGQL_TOKEN' }]);
    expect((await app.rest('/api/users', { headers: made.headers })).status).toBe(200);
  });

  it('is never required with WGQL_AUTH=none, whatever tokens exist', async () => {
    const app = await startTestApp();
    await makeStaff(app);
    await app.restart({ WGQL_AUTH: 'none' });
    for (const headers of [{}, bearer('wrong')] as Record<string, string>[]) {
      expect((await app.rest('/api/users', { headers })).status).toBe(200);
      const { data } = await app.graphql('{ auditLog { totalCount } }', {}, headers);
      expect(data.auditLog.totalCount).toBe(3);
    }
    await app.restart({ WGQL_AUTH: 'auto' });
    expect((await app.rest('/api/users')).status).toBe(401);
  });
});

describe('the program', () => {
  let folder = '';
  let env: Record<string, string> = {};
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wgql-modes-'));
    env = { WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`, WGQL_HOST: '0.0.0.0' };
    // Once the server in it has stopped.
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });

  it('does not listen on other addresses before a token exists, and reports what to do', async () => {
    const { code, stdout, stderr } = await run({ cwd: folder, env });
    expect(code).toBe(1);
    expect(stdout).not.toContain('listens');
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^WGQL_HOST is 0\.0\.0\.0, .*npm run wgql -- token create .*WGQL_TOKEN/,
    );
    expect(lines[1]).toMatch(/^WGQL_HOST .*npm run wgql -- token create .*[\u4e00-\u9fff]/);
    expect(existsSync(join(folder, 'wgql.key'))).toBe(false);
  });

  it('listens on other addresses once a token was created as described', async () => {
    const args = ['token', 'create', '--name', 'ada', '--role', 'admin'];
    const secret = (await runHere({ env, args })).stdout.trim();
    const program = await startProgram({ cwd: folder, env });
    const url = program.url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/api/users`)).status).toBe(401);
    expect((await fetch(`${url}/api/users`, { headers: bearer(secret) })).status).toBe(200);
    await program.stop('SIGTERM');
  });

  it('warns of WGQL_AUTH=none, and that existing tokens are not required', async () => {
    const app = await startTestApp({ env: { ...env, WGQL_AUTH: 'none' } });
    const warned = async () => {
      const url = app.url.replace('0.0.0.0', '127.0.0.1');
      expect((await fetch(`${url}/api/users`)).status).toBe(200);
      const warnings = app.log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
      return warnings.map(({ msg }) => msg as string).filter((msg) => /WGQL_AUTH=none/.test(msg));
    };
    expect(await warned()).toEqual([
      expect.stringMatching(/including any web page, can read and change the users\.$/),
    ]);
    await makeToken(app, { name: 'ada', role: 'ADMIN' });
    await app.restart();
    const [, second] = await warned();
    expect(second).toMatch(/existing tokens are not checked/);
  });
});
