import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database/open.ts';
import { logIn } from '../fixtures/logins.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { makeStaff, makeToken, revoke } from '../fixtures/tokens.ts';
import { expectError } from './support.ts';

const LOGINS = '{ logins { id token createdAt expiresAt address isCurrent } }';
const END = 'mutation ($id: ID!) { endLogin(id: $id) { endedId } }';
const DAY_MS = 86_400_000;

const timeOf = (app: TestApp, afterMs = 0) => new Date(app.clock.wallMs() + afterMs).toISOString();

describe('the list of logins', () => {
  it('has those in force, newest first, and says which one asks', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const soon = timeOf(app, DAY_MS);
    const brief = await makeToken(
      app,
      { name: 'brief', role: 'ADMIN', expiresAt: soon },
      admin.headers,
    );
    const createdAt = timeOf(app);
    const gone = await logIn(app, viewer.secret);
    await logIn(app, admin.secret);
    const mine = await logIn(app, brief.secret);
    const { data } = await app.graphql(LOGINS, {}, mine.headers);
    const common = { createdAt, address: '127.0.0.1' };
    const month = timeOf(app, 30 * DAY_MS);
    expect(data.logins).toEqual([
      { ...common, id: '3', token: 'brief', expiresAt: soon, isCurrent: true },
      { ...common, id: '2', token: 'ada', expiresAt: month, isCurrent: false },
      { ...common, id: '1', token: 'vera', expiresAt: month, isCurrent: false },
    ]);
    await revoke(app, viewer, admin);
    app.clock.advance(DAY_MS);
    const later = await app.graphql(LOGINS, {}, admin.headers);
    expect(later.data.logins).toEqual([data.logins[1]]);
    expect((await app.graphql(LOGINS, {}, gone.headers)).status).toBe(401);
  });

  it('has those that another process of the program made or ended', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    const db = await openDatabase(`file:${app.folder}/wgql.db`);
    await db.login.deleteMany({});
    await db.$disconnect();
    await app.eventually('the end', async () => {
      const { data } = await app.graphql(LOGINS, {}, admin.headers);
      return data.logins.length === 0;
    });
    expect((await app.graphql('{ me { name } }', {}, login.headers)).status).toBe(401);
  });
});

describe('endLogin', () => {
  it('ends a login of any token once, and is in the audit log', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const [theirs, mine] = [await logIn(app, viewer.secret), await logIn(app, admin.secret)];
    const end = (id: string) => app.graphql(END, { id }, { ...mine.headers, origin: app.url });
    expect((await end('1')).data).toEqual({ endLogin: { endedId: '1' } });
    expectError(await end('1'), 'NOT_FOUND');
    expect((await app.graphql('{ me { name } }', {}, theirs.headers)).status).toBe(401);
    expect((await end('2')).data).toEqual({ endLogin: { endedId: '2' } });
    expect((await end('2')).status).toBe(401);
    const { data } = await app.graphql(
      '{ auditLog(last: 2) { edges { node { actor action detail } } } }',
      {},
      admin.headers,
    );
    expect(data.auditLog.edges.map(({ node }: { node: unknown }) => node)).toEqual([
      { actor: 'ada', action: 'endLogin', detail: '{"login":1,"token":"vera"}' },
      { actor: 'ada', action: 'endLogin', detail: '{"login":2,"token":"ada"}' },
    ]);
  });
});
