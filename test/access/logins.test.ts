import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { newSecret } from '../../src/access/token.ts';
import { openDatabase } from '../../src/store/database/open.ts';
import { logIn, logOut, type MadeLogin } from '../fixtures/logins.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { bearer, makeStaff, makeToken, revoke } from '../fixtures/tokens.ts';
import { expectError } from '../graphql/support.ts';
import { DASHBOARD, PRESENCE, socketUrl, watchEvents, within } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';

const DAY_MS = 86_400_000;
const UNAUTHORIZED = 4401;
const ME = '{ me { name role owner expiresAt isLoggedIn } }';
const ENDED = 'The login has ended; log in again with a token.';

const statusOf = async (app: TestApp, headers: Record<string, string>) =>
  (await app.rest('/api/users', { headers })).status;

const meOf = async (app: TestApp, headers: Record<string, string> = {}) =>
  (await app.graphql(ME, {}, headers)).data.me;

async function expectEnded(app: TestApp, { headers }: MadeLogin): Promise<void> {
  const rest = await app.rest('/api/users', {
    headers: { ...headers, 'accept-language': 'en' },
  });
  expect([rest.status, rest.body.code, rest.body.message]).toEqual([401, 'UNAUTHENTICATED', ENDED]);
  const graphql = await app.graphql(ME, {}, headers);
  expect(graphql.status).toBe(401);
  expectError(graphql, 'UNAUTHENTICATED');
}

/** Opens a WebSocket as a page of the server does; resolves with its messages and its close code. */
async function openPage(app: TestApp, headers: Record<string, string>, payload?: object) {
  const socket = new WebSocket(socketUrl(app), 'graphql-transport-ws', {
    headers: { ...headers, origin: app.url },
  });
  onTestFinished(() => socket.terminate());
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  socket.on('message', (message) => messages.push(JSON.parse(String(message))));
  const closed = once(socket, 'close').then(([code]) => code as number);
  await within('the opening', once(socket, 'open'));
  socket.send(JSON.stringify({ type: 'connection_init', ...(payload && { payload }) }));
  await Promise.race([within('the first message', once(socket, 'message')), closed]);
  const ask = async (query: string) => {
    socket.send(JSON.stringify({ id: query, type: 'subscribe', payload: { query } }));
    const answer = () => messages.find(({ id, type }) => id === query && type === 'next');
    while (answer() === undefined) await within('an answer', once(socket, 'message'));
    return answer()?.payload;
  };
  return { messages, closed, ask };
}

describe('a login', () => {
  it('ends when the same browser logs in again', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const former = await logIn(app, viewer.secret);
    const answer = await app.rest('/login', {
      method: 'POST',
      headers: { ...former.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ token: admin.secret }),
    });
    expect(answer.status).toBe(204);
    await expectEnded(app, former);
  });

  it('has the rights of its token in both APIs, and only its hash is stored', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    const { port } = new URL(app.url);
    expect(login.setCookie).toBe(
      `wgql_login_${port}=${login.secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000`,
    );
    expect(login.secret).toMatch(/^wgql_[\w-]{43}$/);
    expect(await statusOf(app, login.headers)).toBe(200);
    const expiresAt = new Date(app.clock.wallMs() + 30 * DAY_MS).toISOString();
    expect(await meOf(app, login.headers)).toEqual({
      ...{ name: 'vera', role: 'VIEWER', owner: null },
      ...{ expiresAt, isLoggedIn: true },
    });
    expectError(await app.graphql('{ tokens { id } }', {}, login.headers), 'FORBIDDEN');
    const db = await openDatabase(`file:${app.folder}/wgql.db`);
    const rows = await db.login.findMany();
    await db.$disconnect();
    const hash = (secret: string) => createHash('sha256').update(secret).digest('hex');
    expect(rows).toMatchObject([
      { hash: hash(login.secret), tokenHash: hash(viewer.secret), address: '127.0.0.1' },
    ]);
    // The secret is that of a cookie, and no token.
    expect(await statusOf(app, bearer(login.secret))).toBe(401);
    expect(await statusOf(app, admin.headers)).toBe(200);
  });

  it('of a token with the role self reads its own users', async () => {
    const app = await startFleet();
    await app.graphql('mutation { updateUser(id: 1, input: { owner: "Bob" }) { user { id } } }');
    const { admin } = await makeStaff(app);
    const self = { name: 'bob', role: 'SELF', owner: 'Bob' };
    const bob = await logIn(app, (await makeToken(app, self, admin.headers)).secret);
    expect(await meOf(app, bob.headers)).toMatchObject({ role: 'SELF', owner: 'Bob' });
    const { data } = await app.graphql('{ users { totalCount } }', {}, bob.headers);
    expect(data.users.totalCount).toBe(1);
  });

  it('is not made while no token is required', async () => {
    const app = await startTestApp();
    for (const token of ['anything', newSecret()]) {
      const answer = await app.post('/login', { token });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([204, null]);
    }
    expect(await meOf(app)).toEqual({
      ...{ name: 'local', role: 'ADMIN', owner: null },
      ...{ expiresAt: null, isLoggedIn: false },
    });
  });

  it('counts as a use of its token', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    app.clock.advance(DAY_MS);
    expect(await statusOf(app, login.headers)).toBe(200);
    const usedAt = new Date(app.clock.wallMs()).toISOString();
    await app.restart();
    const { data } = await app.graphql('{ tokens { lastUsedAt } }', {}, admin.headers);
    expect(data.tokens[2].lastUsedAt).toBe(usedAt);
  });

  it('is kept over a restart', async () => {
    const app = await startTestApp();
    const { viewer } = await makeStaff(app);
    const { secret } = await logIn(app, viewer.secret);
    await app.restart();
    // The port is another one.
    const cookie = `wgql_login_${new URL(app.url).port}=${secret}`;
    expect(await statusOf(app, { cookie })).toBe(200);
  });
});

describe('a login ends', () => {
  it('when the browser logs out, and logging out again changes nothing', async () => {
    const app = await startTestApp();
    const { viewer } = await makeStaff(app);
    const [login, other] = [await logIn(app, viewer.secret), await logIn(app, viewer.secret)];
    const { port } = new URL(app.url);
    for (const headers of [login.headers, login.headers, { cookie: '' }, { cookie: 'a=b' }]) {
      const answer = await logOut(app, { headers });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('set-cookie')).toBe(
        `wgql_login_${port}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`,
      );
    }
    await expectEnded(app, login);
    expect(await statusOf(app, other.headers)).toBe(200);
    expect(await statusOf(app, viewer.headers)).toBe(200);
  });

  it('when its token is revoked', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    await revoke(app, viewer, admin);
    await expectEnded(app, login);
  });

  it('when its token expires, and its cookie with it', async () => {
    const app = await startTestApp();
    const { admin } = await makeStaff(app);
    const expiresAt = new Date(app.clock.wallMs() + 60_000).toISOString();
    const brief = await makeToken(app, { name: 'b', role: 'VIEWER', expiresAt }, admin.headers);
    const login = await logIn(app, brief.secret);
    expect(login.setCookie).toContain('; Max-Age=60');
    expect(await meOf(app, login.headers)).toMatchObject({ expiresAt });
    app.clock.advance(60_000);
    await expectEnded(app, login);
  });

  it('30 days after it was made, however much it is used', async () => {
    const app = await startTestApp();
    const { viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    app.clock.advance(30 * DAY_MS - 1);
    expect(await statusOf(app, login.headers)).toBe(200);
    app.clock.advance(1);
    await expectEnded(app, login);
    expect(await statusOf(app, viewer.headers)).toBe(200);
  });

  it('when WGQL_TOKEN, with which it was made, is another one', async () => {
    const [first, second] = [newSecret(), newSecret()];
    const app = await startTestApp({ env: { WGQL_TOKEN: first } });
    const { secret } = await logIn(app, first);
    const meNow = () =>
      app.graphql(ME, {}, { cookie: `wgql_login_${new URL(app.url).port}=${secret}` });
    expect((await meNow()).data.me).toMatchObject({ name: 'WGQL_TOKEN', role: 'ADMIN' });
    await app.restart({ WGQL_TOKEN: second });
    expectError(await meNow(), 'UNAUTHENTICATED');
  });

  it('where its token may not be used', async () => {
    const app = await startTestApp();
    const { viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    const db = await openDatabase(`file:${app.folder}/wgql.db`);
    await db.token.update({ where: { name: 'vera' }, data: { allowedFrom: '192.0.2.0/24' } });
    await db.$disconnect();
    await app.eventually('the end', async () => (await statusOf(app, login.headers)) === 401);
  });

  it('when its token has a hundred newer ones', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const other = await logIn(app, admin.secret);
    const logins: MadeLogin[] = [];
    for (let count = 0; count <= 100; count++) logins.push(await logIn(app, viewer.secret));
    const [first, second] = logins as [MadeLogin, MadeLogin];
    await expectEnded(app, first);
    expect(await statusOf(app, second.headers)).toBe(200);
    expect(await statusOf(app, other.headers)).toBe(200);
    const { data } = await app.graphql('{ logins { id } }', {}, admin.headers);
    expect(data.logins).toHaveLength(101);
  });
});

describe('the streams of a login', () => {
  it('end with it, and its WebSockets are closed with 4401; those of its token continue', async () => {
    const app = await startFleet();
    const { viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    const [page, tokens] = [
      await openPage(app, login.headers),
      await openPage(app, viewer.headers),
    ];
    const feeds = await Promise.all(
      [DASHBOARD, PRESENCE].map((document) => watchEvents(app, document, {}, login.headers)),
    );
    for (const feed of feeds) await feed.next();
    expect(await page.ask(DASHBOARD)).toMatchObject({ data: { dashboard: { totalUsers: 2 } } });
    expect((await logOut(app, login)).status).toBe(204);
    expect(await within('the end', page.closed)).toBe(UNAUTHORIZED);
    expect(page.messages.slice(-2)).toMatchObject([
      { type: 'next', payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } },
      { type: 'complete' },
    ]);
    for (const feed of feeds) expect(await feed.failed()).toBe('UNAUTHENTICATED');
    expect(await tokens.ask(ME)).toMatchObject({ data: { me: { isLoggedIn: false } } });
  });

  it.each([
    [
      'its token is revoked',
      async (app: TestApp, staff: Awaited<ReturnType<typeof makeStaff>>) => {
        await revoke(app, staff.viewer, staff.admin);
      },
    ],
    [
      'its days are over',
      async (app: TestApp) => {
        app.clock.advance(30 * DAY_MS);
        await app.polled();
      },
    ],
  ])('end when %s', async (_, end) => {
    const app = await startFleet();
    const staff = await makeStaff(app);
    const page = await openPage(app, (await logIn(app, staff.viewer.secret)).headers);
    await page.ask(DASHBOARD);
    await end(app, staff);
    expect(await app.whilePolling(within('the end', page.closed))).toBe(UNAUTHORIZED);
  });
});

describe('the cookie of a login', () => {
  it('that is wrong or has ended is no failed try, and a WebSocket with it is closed', async () => {
    const app = await startTestApp();
    const { viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    await logOut(app, login);
    const guessed = { ...login, headers: { cookie: `${login.headers.cookie}x` } };
    for (let count = 0; count < 11; count++) {
      await expectEnded(app, login);
      await expectEnded(app, guessed);
    }
    const page = await openPage(app, login.headers);
    expect(await within('the end', page.closed)).toBe(UNAUTHORIZED);
    expect(await statusOf(app, bearer(newSecret()))).toBe(401);
  });

  it('is used only without an Authorization header, and only alone', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const login = await logIn(app, viewer.secret);
    const other = await logIn(app, admin.secret);
    expect(await meOf(app, { ...login.headers, ...admin.headers })).toMatchObject({ name: 'ada' });
    expect(await statusOf(app, { ...login.headers, ...bearer(newSecret()) })).toBe(401);
    expect(await statusOf(app, { ...login.headers, authorization: 'Bearer' })).toBe(401);
    const { cookie } = login.headers;
    expect(await statusOf(app, { cookie: `a=1; ${cookie};b=2` })).toBe(200);
    expect(await statusOf(app, { cookie: `${cookie}; ${cookie}` })).toBe(200);
    expect(await statusOf(app, { cookie: `${cookie}; ${other.headers.cookie}` })).toBe(401);
    expect(await statusOf(app, { cookie: cookie.replace(/^wgql_login_\d+/, 'wgql_login') })).toBe(
      401,
    );
  });

  it('of an upgrade is used only without a token in connection_init', async () => {
    const app = await startTestApp();
    const { admin, viewer } = await makeStaff(app);
    const { headers } = await logIn(app, viewer.secret);
    const alone = await openPage(app, headers);
    expect(await alone.ask(ME)).toMatchObject({ data: { me: { name: 'vera', isLoggedIn: true } } });
    const both = await openPage(app, headers, { Authorization: `Bearer ${admin.secret}` });
    expect(await both.ask(ME)).toMatchObject({ data: { me: { name: 'ada', isLoggedIn: false } } });
    const wrong = await openPage(app, headers, { Authorization: `Bearer ${newSecret()}` });
    expect(await within('the end', wrong.closed)).toBe(UNAUTHORIZED);
  });
});
