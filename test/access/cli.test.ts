import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHere } from '../fixtures/command.ts';
import { run, startProgram } from '../fixtures/program.ts';
import { bearer } from '../fixtures/tokens.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { DASHBOARD, openSocket, within } from '../live/support.ts';

const TOKEN = /^wgql_[\w-]{43}\n$/;
const BOTH_LANGUAGES = /^[^\n]+\n[^\n]*[\u4e00-\u9fff][^\n]*\n/;

let folder = '';
let env: Record<string, string> = {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-cli-'));
  env = {
    WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`,
    WGQL_POLL_INTERVAL_MS: '100',
    WGQL_TIME_ZONE: 'UTC',
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const wgql = (...args: string[]) => runHere({ env, args });
const create = (...args: string[]) => wgql('token', 'create', ...args);
/** The same by the program itself, which at least one test of each command does. */
const program = (...args: string[]) => run({ cwd: folder, env, args: ['token', ...args] });

/** No command and no server of this process has the database open, and so loses its locks. */
function rows(sql: string): Record<string, unknown>[] {
  const file = new Database(join(folder, 'wgql.db'), { readonly: true });
  try {
    return file.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    file.close();
  }
}

const statusOf = async (url: string, secret: string) =>
  (await fetch(`${url}/api/status`, { headers: bearer(secret) })).status;

describe('wgql token create', () => {
  it('prints only the token, and creates the database', async () => {
    const made = await program('create', '--name', 'ada', '--role', 'admin');
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toMatch(TOKEN);
    expect(made.stderr).toMatch(BOTH_LANGUAGES);
    expect(made.stderr).not.toContain(made.stdout.trim());
    expect((await stat(join(folder, 'wgql.db'))).mode & 0o777).toBe(0o600);
    const [entry] = rows('SELECT "actor", "action" FROM "AuditEntry"');
    expect(entry).toEqual({ actor: 'cli', action: 'createToken' });
  });

  it.each([
    ['12h', 12],
    ['30d', 720],
    ['2w', 336],
    ['1y', 8760],
  ])('accepts a lifetime of the token: %s', async (expires, hours) => {
    await create('--name', 'a', '--role', 'viewer', '--expires', expires);
    const [row] = rows('SELECT "expiresAt" - "createdAt" AS "ms" FROM "Token"');
    expect(row?.ms).toBe(hours * 3_600_000);
  });

  it('accepts an expiry and the networks from which the token may be used', async () => {
    const from = '192.0.2.0/24,::1';
    await create('--name', 'a', '--role', 'viewer', '--expires', '2999-12-31', '--from', from);
    await create('--name', 'b', '--role', 'viewer', '--expires', '2999-12-31T10:00:00Z');
    expect(rows('SELECT "expiresAt", "allowedFrom" FROM "Token"')).toEqual([
      { expiresAt: Date.UTC(3000, 0, 1), allowedFrom: '192.0.2.0/24,::1/128' },
      { expiresAt: Date.UTC(2999, 11, 31, 10), allowedFrom: null },
    ]);
  });

  it('binds a token with the role self to an owner, whose users it reads', async () => {
    await create('--name', 'bob', '--role', 'self', '--owner', ' Bob ');
    expect(rows('SELECT "role", "owner" FROM "Token"')).toEqual([{ role: 'self', owner: 'Bob' }]);
    expect((await wgql('token', 'list')).stdout).toContain('self (Bob)');
  });

  it.each([
    ['the role self without an owner', ['--name', 'a', '--role', 'self'], ['--owner']],
    ['an owner for others', ['--name', 'a', '--role', 'viewer', '--owner', 'B'], ['--owner']],
    ['no name and no role', [], ['--name', '--role']],
    ['an invalid role', ['--name', 'a', '--role', 'root'], ['--role']],
    ['a reserved name', ['--name', 'local', '--role', 'viewer'], ['--name']],
    ['an invalid time', ['--name', 'a', '--role', 'viewer', '--expires', 'soon'], ['--expires']],
    ['a past time', ['--name', 'a', '--role', 'viewer', '--expires', '2001-01-01'], ['--expires']],
    ['an empty time', ['--name', 'a', '--role', 'viewer', '--expires', ''], ['--expires']],
    ['an invalid prefix', ['--name', 'a', '--role', 'viewer', '--from', '1.2'], ['--from']],
    [
      'a prefix with host bits',
      ['--name', 'a', '--role', 'viewer', '--from', '192.0.2.7/24'],
      ['--from', '192.0.2.7/32', '192.0.2.0/24'],
    ],
    ['an unknown option', ['--name', 'a', '--role', 'viewer', '--forever'], ['--forever']],
    ['an unexpected argument', ['ada', '--name', 'a', '--role', 'viewer'], ['"ada"']],
  ])('rejects %s with the usage, and creates nothing', async (_, args, named) => {
    const { code, stdout, stderr } = await create(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(BOTH_LANGUAGES);
    for (const name of named) expect(stderr.split('\n')[0]).toContain(name);
    expect(stderr).toContain('Usage: wgql token create');
    expect(await readdir(folder)).toEqual([]);
  });

  it('exits with 2 and the usage if an option is invalid', async () => {
    const { code, stdout, stderr } = await program('create', '--name', 'a', '--role', 'root');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(BOTH_LANGUAGES);
    expect(stderr.split('\n')[0]).toContain('--role');
    expect(stderr).toContain('Usage: wgql token create');
    expect(await readdir(folder)).toEqual([]);
  });

  it('rejects a name that was used before', async () => {
    await create('--name', 'ada', '--role', 'admin');
    const { code, stdout, stderr } = await create('--name', 'ada', '--role', 'viewer');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(BOTH_LANGUAGES);
    expect(rows('SELECT "role" FROM "Token"')).toEqual([{ role: 'admin' }]);
  });

  it('does not change a database of another version', async () => {
    const made = await create('--name', 'ada', '--role', 'admin');
    expect(made.code).toBe(0);
    const file = new Database(join(folder, 'wgql.db'));
    file.exec(`UPDATE "_prisma_migrations" SET "migration_name" = '9999_later'
               WHERE "migration_name" LIKE '%_tokens'`);
    const newer = await wgql('token', 'list');
    expect([newer.code, newer.stdout]).toEqual([1, '']);
    expect(newer.stderr).toMatch(/newer version/);
    file.exec(`DELETE FROM "_prisma_migrations" WHERE "migration_name" = '9999_later'`);
    file.close();
    const older = await wgql('token', 'list');
    expect([older.code, older.stdout]).toEqual([1, '']);
    expect(older.stderr).toMatch(/older version/);
  });

  it('says what to fix if the database cannot be opened', async () => {
    // A folder in its own folder, because the leak detector reads the files beside the database.
    const taken = join(folder, 'taken');
    await mkdir(taken);
    env.WGQL_DATABASE_URL = `file:${taken}`;
    const { code, stderr } = await program('create', '--name', 'ada', '--role', 'admin');
    expect(code).toBe(1);
    expect(stderr).toMatch(BOTH_LANGUAGES);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('wgql token list', () => {
  it('shows every token without its secret', async () => {
    const { stdout: secret } = await create('--name', 'ada', '--role', 'admin');
    await create('--name', 'grafana', '--role', 'viewer', '--from', '10.0.0.0/8');
    await wgql('token', 'revoke', '1');
    const { code, stdout } = await program('list');
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines).toEqual([
      ['ID', 'NAME', 'ROLE', 'STATE', 'EXPIRES', 'LAST USED', 'FROM', 'MADE BY'],
      ['1', 'ada', 'admin', 'revoked', 'never', 'never', 'anywhere', 'cli'],
      ['2', 'grafana', 'viewer', 'in force', 'never', 'never', '10.0.0.0/8', 'cli'],
    ]);
    const [row] = rows('SELECT "hash" FROM "Token"');
    expect(row?.hash).toEqual(expect.any(String));
    expect(stdout).not.toContain(secret.trim());
    expect(stdout).not.toContain(row?.hash);
  });
});

describe('a command that creates no token', () => {
  it.each(['list', 'revoke ada'])('creates no database either: %s', async (command) => {
    const { code, stdout, stderr } = await wgql('token', ...command.split(' '));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(BOTH_LANGUAGES);
    expect(stderr).toContain('WGQL_DATABASE_URL');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('wgql token revoke', () => {
  it('accepts a name or an id, and reports when there is no such token', async () => {
    await create('--name', '2', '--role', 'admin');
    await create('--name', 'b', '--role', 'admin');
    expect((await wgql('token', 'revoke', '2')).code).toBe(0);
    const state = () => rows('SELECT "name" FROM "Token" WHERE "revokedAt" IS NOT NULL');
    expect(state()).toEqual([{ name: '2' }]);
    for (const which of ['c', '7']) {
      const { code, stderr } = await wgql('token', 'revoke', which);
      expect(code).toBe(1);
      expect(stderr).toMatch(BOTH_LANGUAGES);
    }
    for (const args of [[], ['a', 'b'], ['--all']]) {
      expect((await wgql('token', 'revoke', ...args)).code).toBe(2);
    }
    expect(state()).toEqual([{ name: '2' }]);
  });
});

describe('wgql token beside a running server', () => {
  it('makes new tokens valid, and a revoked one invalid, within a poll, and blocks nobody', async () => {
    const server = await startProgram({ cwd: folder, env });
    const socketUrl = `${server.url.replace('http', 'ws')}/graphql`;
    const anonymous = await openSocket(socketUrl);
    anonymous.send({ id: '1', type: 'subscribe', payload: { query: DASHBOARD } });
    await anonymous.received('next', '1');
    const secret = (await create('--name', 'ada', '--role', 'admin')).stdout.trim();
    expect(await within('the end of open mode', anonymous.closed)).toBe(4401);
    expect((await fetch(`${server.url}/api/status`)).status).toBe(401);
    expect(await statusOf(server.url, secret)).toBe(200);
    const known = await openSocket(socketUrl, { Authorization: `Bearer ${secret}` });
    known.send({ id: '1', type: 'subscribe', payload: { query: DASHBOARD } });
    await known.received('next', '1');
    // At the same time, so that they wait for locks of one another and of the server.
    const ended = await Promise.all(
      ['b', 'c', 'd'].map((name) => program('create', '--name', name, '--role', 'viewer')),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    const secrets = ended.map(({ stdout }) => stdout.trim());
    await waitFor('the last one', async () => {
      const codes = await Promise.all(secrets.map((one) => statusOf(server.url, one)));
      return codes.every((code) => code === 200);
    });
    expect(await statusOf(server.url, secret)).toBe(200);
    await program('revoke', 'ada');
    expect(await within('the revocation', known.closed)).toBe(4401);
    expect(await statusOf(server.url, secret)).toBe(401);
    const { code, lines } = await server.stop('SIGTERM');
    expect(code).toBe(0);
    expect(lines.join()).not.toContain(secret);
    expect(lines.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });
});

describe('the folder of the database', () => {
  // The server makes it private, as the tests of files with a umask show.
  it('is not made private by the command if it existed before', async () => {
    await chmod(folder, 0o755);
    await create('--name', 'ada', '--role', 'admin');
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });
});
