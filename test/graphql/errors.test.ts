import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { startFleet } from '../rest/support.ts';
import { CODES, expectError } from './support.ts';

const TOKEN = 'a-token-of-more-than-thirty-two-characters';

/** For tests whose requests are all rejected. */
const testApp = shared(() => startTestApp());

describe('a mistake in the document or its variables', () => {
  it('is INVALID_ARGUMENT, whatever the mistake', async () => {
    const app = testApp();
    for (const [query, variables] of [
      ['{ dashboard {'],
      [''],
      ['{ nothing }'],
      ['{ dashboard }'],
      ['{ user(id: 1) { id { x } } }'],
      ['{ traffic(bucket: FORTNIGHT) { start } }'],
      ['{ traffic(bucket: DAY, from: "yesterday") { start } }'],
      ['{ traffic { start } }'],
      ['query ($id: ID!) { user(id: $id) { id } }'],
      ['query ($id: ID!) { user(id: $id) { id } }', { id: null }],
      ['query ($from: DateTime) { traffic(bucket: DAY, from: $from) { start } }', { from: 'soon' }],
      ['query ($from: DateTime) { traffic(bucket: DAY, from: $from) { start } }', { from: 12 }],
      ['query ($first: Int) { users(first: $first) { totalCount } }', { first: 'ten' }],
      ['query A { status { demo } } query B { status { demo } }'],
      ['fragment F on User { id }'],
      ['mutation { dashboard { totalUsers } }'],
    ] as const) {
      const { errors } = await app.graphql(query, variables);
      expect.soft(errors?.length, query).toBeGreaterThan(0);
      for (const { extensions, message } of errors ?? []) {
        expect.soft(extensions.code, `${query}: ${message}`).toBe('INVALID_ARGUMENT');
        expect.soft(CODES).toContain(extensions.code);
        expect.soft(JSON.stringify(extensions)).not.toMatch(/stack|node_modules/);
      }
    }
  });

  it('has the format of every error when the body is not an operation', async () => {
    const app = testApp();
    for (const body of [
      '{',
      '[]',
      '"x"',
      '7',
      'null',
      '{}',
      '{"query":5}',
      '{"query":"{ status { demo } }","variables":5}',
      '[{"query":"{ status { demo } }"}]',
    ]) {
      const { status, body: answer } = await app.rest('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect.soft(status, body).toBeGreaterThanOrEqual(200);
      expect.soft(status, body).toBeLessThan(500);
      expect.soft(answer?.errors?.[0]?.extensions?.code, body).toBe('INVALID_ARGUMENT');
    }
  });
});

describe('a failure inside', () => {
  it('is INTERNAL and does not mention files, SQL or Prisma', async () => {
    const app = await startFleet();
    const database = new Database(join(app.folder, 'wgql.db'));
    onTestFinished(() => void database.close());
    database.pragma('foreign_keys = OFF');
    database.exec('ALTER TABLE "User" RENAME TO "Gone"');
    for (const query of [
      '{ users { totalCount } }',
      '{ user(id: 1) { id } }',
      '{ dashboard { totalUsers } }',
      '{ status { totalUsers } }',
      '{ sessions { edges { node { user { id } } } } }',
      'mutation { kickUser(id: 1) { user { id } } }',
    ]) {
      const answer = await app.graphql(query);
      const error = expectError(answer, 'INTERNAL');
      expect(error.message).toBe('An internal error occurred; see the server log for details.');
      expect(JSON.stringify(answer)).not.toMatch(
        /prisma|sqlite|select|no such table|wgql\.db|node_modules|\/src\/|\.ts|stack|invocation/i,
      );
    }
    const written = await app.graphql('mutation { resetTraffic(id: 1) { user { id } } }');
    expectError(written, 'UNAVAILABLE');
    expect(JSON.stringify(written)).not.toMatch(/prisma|sqlite|no such table|wgql\.db|\.ts/i);
  });
});

describe('with WGQL_TOKEN', () => {
  it('every field is UNAUTHENTICATED without it, before the input is checked', async () => {
    const app = await startTestApp({ env: { WGQL_TOKEN: TOKEN } });
    for (const query of [
      '{ dashboard { totalUsers } }',
      '{ users(first: -1) { totalCount } }',
      '{ user { id } }',
      '{ auditLog { totalCount } }',
      'mutation { resetTraffic(id: "x") { user { id } } }',
    ]) {
      expectError(await app.graphql(query), 'UNAUTHENTICATED');
      expectError(
        await app.graphql(query, {}, { authorization: 'Bearer wrong' }),
        'UNAUTHENTICATED',
      );
    }
    const authorization = { authorization: `Bearer ${TOKEN}` };
    const { data } = await app.graphql('{ dashboard { totalUsers } }', {}, authorization);
    expect(data).toEqual({ dashboard: { totalUsers: 0 } });
  });
});

describe('a value of a wrong type', () => {
  const create =
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
  it.each([
    [['secret-in-it'], /^String cannot represent a non string value like this one\.$/],
    [{ presharedKey: 'secret-in-it' }, /^String cannot represent/],
    [5, /^String cannot represent/],
  ])('is not repeated to the client: %j', async (presharedKey, message) => {
    const app = testApp();
    const answer = await app.graphql(create, { input: { publicKey: 'x', presharedKey } });
    expect(expectError(answer, 'INVALID_ARGUMENT').message).toMatch(message);
    expect(JSON.stringify(answer)).not.toContain('secret-in-it');
  });

  it.each([
    ['presharedKey: ["secret-in-it"]', /cannot represent a non string value/],
    ['quotaPeriod: SECRET_IN_IT', /does not exist in "QuotaPeriod" enum/],
    ['quotaPeriod: "secret-in-it"', /Enum "QuotaPeriod" cannot represent non-enum value/],
    ['presharedKey: "secret-in-it" "secret-in-it"', /^Syntax Error: /],
    ['expiresAt: "secret-in-it"', /ISO 8601/],
  ])('is not repeated from a document: %s', async (field, message) => {
    const app = testApp();
    const answer = await app.graphql(
      `mutation { createUser(input: { publicKey: "x", ${field} }) { user { id } } }`,
    );
    expect(expectError(answer, 'INVALID_ARGUMENT').message).toMatch(message);
    expect(JSON.stringify(answer)).not.toMatch(/secret.in.it/i);
  });
});
