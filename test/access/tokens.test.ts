import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { bearer, makeStaff, makeToken, revoke } from '../fixtures/tokens.ts';
import { queryDatabase } from '../fixtures/tunnel-app.ts';
import { CODES, expectError } from '../graphql/support.ts';
import { connectClient, DASHBOARD } from '../live/support.ts';

const MINUTE_MS = 60_000;
const TOKENS = `{ tokens {
  id name role createdAt createdBy expiresAt allowedFrom lastUsedAt revokedAt } }`;

const basic = (text: string) => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

const status = async (app: TestApp, headers: Record<string, string> = {}) =>
  (await app.rest('/api/status', { headers })).status;

async function rowsOf(app: TestApp, sql: string): Promise<Record<string, unknown>[]> {
  return JSON.parse(queryDatabase(`${app.folder}/wgql.db`, sql));
}

describe('a token', () => {
  it('is 256 random bits with a known prefix, and only its hash is stored', async () => {
    const app = await startTestApp();
    const { secret } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    expect(secret).toMatch(/^wgql_[\w-]{43}$/);
    const [row] = await rowsOf(app, 'SELECT * FROM "Token"');
    expect(row?.hash).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it('is accepted by both APIs, as Bearer or as the password of Basic', async () => {
    const app = await startTestApp();
    const { secret } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    for (const headers of [
      bearer(secret),
      { authorization: `bearer  ${secret}` },
      basic(`anybody:${secret}`),
      basic(`:${secret}`),
    ]) {
      expect(await status(app, headers), headers.authorization).toBe(200);
      expect((await app.graphql('{ status { running } }', {}, headers)).status).toBe(200);
    }
  });

  it('is required once the first one exists, with a 401 that requests only Bearer', async () => {
    const app = await startTestApp();
    expect(await status(app)).toBe(200);
    const { secret } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    const all = [
      {},
      bearer(secret.slice(0, -1)),
      bearer(`${secret}A`),
      basic(secret),
      basic(`${secret}:`),
      { authorization: secret },
      { authorization: 'Bearer' },
    ];
    for (const headers of all) {
      const rest = await app.rest('/api/users', { headers });
      expect([rest.status, rest.body.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(rest.headers.get('www-authenticate')).toBe('Bearer');
      for (const query of [
        '{ status { running } }',
        '{ __schema { types { name } } }',
        '{ nope }',
      ]) {
        app.clock.advance(MINUTE_MS);
        const graphql = await app.rest('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query }),
        });
        expect(graphql.status).toBe(401);
        expect(graphql.headers.get('www-authenticate')).toBe('Bearer');
        expect(graphql.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
        expect(graphql.body).not.toHaveProperty('data');
      }
    }
  });

  it('is listed for administrators without its secret', async () => {
    const app = await startTestApp();
    const { secret, headers } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    const expiresAt = '2027-01-01T00:00:00.000Z';
    const allowedFrom = ['192.0.2.0/24', '2001:DB8::/32', '192.0.2.0/24', '10.0.0.1'];
    const grafana = { name: 'grafana', role: 'VIEWER', expiresAt, allowedFrom };
    const made = await makeToken(app, grafana, headers);
    const { data } = await app.graphql(TOKENS, {}, headers);
    expect(data.tokens).toMatchObject([
      { name: 'ada', role: 'ADMIN', createdBy: 'local', expiresAt: null, allowedFrom: null },
      {
        id: made.id,
        name: 'grafana',
        role: 'VIEWER',
        createdAt: new Date(app.clock.wallMs()).toISOString(),
        createdBy: 'ada',
        expiresAt,
        allowedFrom: ['192.0.2.0/24', '2001:db8::/32', '10.0.0.1/32'],
        lastUsedAt: null,
        revokedAt: null,
      },
    ]);
    expect(JSON.stringify(data)).not.toContain(secret);
  });

  it('records its last use, without a write during the request', async () => {
    const app = await startTestApp();
    const { headers } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    const lastUse = async () =>
      (await app.graphql(TOKENS, {}, headers)).data.tokens[0].lastUsedAt as string | null;
    const firstUse = new Date(app.clock.wallMs()).toISOString();
    await app.eventually('the use', async () => (await lastUse()) === firstUse);
    app.clock.advance(MINUTE_MS - 1);
    await app.polled();
    await app.polled();
    expect(await lastUse()).toBe(firstUse);
    app.clock.advance(1);
    // Of two uses a millisecond apart, either may be the one that is written.
    await app.eventually('the later use', async () => (await lastUse()) !== firstUse);
  });

  it('keeps its last use, even if the program stops soon after it', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const lastUse = async () => {
      const { data } = await app.graphql('{ tokens { lastUsedAt } }', {}, admin.headers);
      return data.tokens[2].lastUsedAt as string | null;
    };
    expect(await status(app, viewer.headers)).toBe(200);
    // The administrator's uses may have just been written; the next write is a minute later.
    await app.eventually('the first use', async () => {
      app.clock.advance(MINUTE_MS);
      return (await lastUse()) !== null;
    });
    app.clock.advance(1000);
    const used = new Date(app.clock.wallMs()).toISOString();
    expect(await status(app, viewer.headers)).toBe(200);
    await app.restart();
    expect(await lastUse()).toBe(used);
  });

  it('is rejected after its expiry and after a revocation, which can be repeated', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const expiresAt = new Date(app.clock.wallMs() + 1000);
    const brief = await makeToken(app, { name: 'b', role: 'VIEWER', expiresAt }, admin.headers);
    expect(await status(app, brief.headers)).toBe(200);
    app.clock.advance(1000);
    expect(await status(app, brief.headers)).toBe(401);
    expect(await status(app, viewer.headers)).toBe(200);
    const first = await revoke(app, viewer, admin);
    expect(await status(app, viewer.headers)).toBe(401);
    app.clock.advance(1000);
    expect((await revoke(app, viewer, admin)).data).toEqual(first.data);
    expectError(await revoke(app, { ...viewer, id: '99' }, admin), 'NOT_FOUND');
  });

  it('is accepted only from its allowed addresses', async () => {
    const app = await startTestApp();
    const { admin } = await makeStaff(app);
    const made = (name: string, allowedFrom: string[]) =>
      makeToken(app, { name, role: 'VIEWER', allowedFrom }, admin.headers);
    const here = await made('here', ['192.0.2.0/24', '127.0.0.0/8']);
    const elsewhere = await made('elsewhere', ['192.0.2.0/24', '::/0']);
    expect(await status(app, here.headers)).toBe(200);
    expect(await status(app, elsewhere.headers)).toBe(401);
  });

  it('is rejected with all invalid fields, and its name can be used only once', async () => {
    const app = await startTestApp();
    const { headers, id } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    const create = (input: Record<string, unknown>) =>
      app.graphql(
        'mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret } }',
        { input: { role: 'VIEWER', ...input } },
        headers,
      );
    for (const name of ['', ' a', 'a\n', 'x'.repeat(65), 'local', 'wgql_token', 'CLI', 'wgql']) {
      expectError(await create({ name }), 'INVALID_ARGUMENT', ['name']);
    }
    for (const allowedFrom of [
      [],
      ['x'],
      ['10.0.0.0/33'],
      ['10.0.0.0/8/8'],
      ['1.2.3'],
      ['10.0.0.7/8'],
    ]) {
      const answer = await create({ name: '', allowedFrom });
      expectError(answer, 'INVALID_ARGUMENT', ['name', 'allowedFrom']);
    }
    const now = new Date(app.clock.wallMs());
    expectError(await create({ name: 'b', expiresAt: now }), 'INVALID_ARGUMENT', ['expiresAt']);
    expectError(await create({ name: 'ada' }), 'CONFLICT');
    await app.graphql(`mutation { revokeToken(id: "${id}") { token { id } } }`, {}, headers);
    expect(await rowsOf(app, 'SELECT "name" FROM "Token"')).toEqual([{ name: 'ada' }]);
  });

  it('is recorded in the audit log without its secret', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    await revoke(app, viewer, admin);
    const { data } = await app.graphql(
      '{ auditLog { edges { node { actor action detail } } } }',
      {},
      admin.headers,
    );
    const entries = data.auditLog.edges.map(({ node }: { node: unknown }) => node);
    expect(entries).toMatchObject([
      { actor: 'local', action: 'createToken', detail: '{"token":"ada","role":"admin"}' },
      { actor: 'ada', action: 'createToken' },
      { actor: 'ada', action: 'createToken' },
      { actor: 'ada', action: 'revokeToken', detail: '{"token":"vera","role":"viewer"}' },
    ]);
    expect(JSON.stringify(entries)).not.toContain('wgql_');
  });
});

describe('failed tries', () => {
  const wrong = bearer('wgql_wrong');

  it('are answered with 429 after ten in a minute, while a valid token is accepted', async () => {
    const app = await startTestApp();
    const { admin } = await makeStaff(app);
    for (let attempt = 1; attempt <= 10; attempt++) expect(await status(app, wrong)).toBe(401);
    app.clock.advance(20_500);
    const rest = await app.rest('/api/users', { headers: wrong });
    expect([rest.status, rest.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(rest.headers.get('retry-after')).toBe('40');
    const answer = await app.graphql('{ status { running } }', {}, wrong);
    expect(answer.status).toBe(429);
    expectError(answer, 'RATE_LIMITED');
    expect(CODES).toContain('RATE_LIMITED');
    expect(await status(app, admin.headers)).toBe(200);
    // A request without a token is not a failed attempt, so it is not limited.
    expect(await status(app)).toBe(401);
    app.clock.advance(40_000);
    expect(await status(app, wrong)).toBe(401);
  });

  it('over sockets count too', async () => {
    const app = await startTestApp();
    await makeStaff(app);
    for (let attempt = 1; attempt <= 10; attempt++) {
      const stream = connectClient(app, { Authorization: wrong.authorization }).iterate({
        query: DASHBOARD,
      });
      await expect(stream.next()).rejects.toMatchObject({ code: 4401 });
    }
    expect(await status(app, wrong)).toBe(429);
  });

  it('count once for each operation, whatever its aliases, on all connections together', async () => {
    const app = await startTestApp();
    await makeStaff(app);
    const aliases = Array.from({ length: 50 }, (_, n) => `a${n}: status { running }`).join(' ');
    for (let attempt = 1; attempt <= 10; attempt++) {
      const answer = await app.graphql(`{ ${aliases} }`, {}, wrong);
      expect(answer.status).toBe(401);
      expect(answer.errors).toHaveLength(1);
    }
    expect(await status(app, wrong)).toBe(429);
  });
});
