import { once } from 'node:events';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { tokenStore } from '../../src/store/access/token.ts';
import { openDatabase } from '../../src/store/database/open.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { type MadeToken, makeStaff, makeToken, revoke } from '../fixtures/tokens.ts';
import {
  connectClient,
  DASHBOARD,
  type Feed,
  openSocket,
  PRESENCE,
  socketUrl,
  watch,
  watchEvents,
  within,
} from '../live/support.ts';
import { startFleet } from '../rest/support.ts';

const LOG = 'subscription { events { id type } }';
const REPLAY = 'subscription { events(after: "0") { id } }';
const RATES = 'subscription { liveTraffic(minIntervalMs: 3600000) { rxBytesPerSecond } }';
const UNAUTHORIZED = 4401;

const params = ({ secret }: MadeToken) => ({ Authorization: `Bearer ${secret}` });

/** Streams of every kind, over both transports. */
async function openStreams(app: TestApp, token: MadeToken): Promise<Feed[]> {
  const client = connectClient(app, params(token));
  const documents = [DASHBOARD, PRESENCE, LOG, REPLAY, RATES];
  const feeds = await Promise.all(
    documents.flatMap((document) => [
      watch(client, document),
      watchEvents(app, document, {}, token.headers),
    ]),
  );
  // The snapshots show that the subscriptions are active.
  await Promise.all(feeds.slice(0, 4).map((feed) => feed.next()));
  // Messages of a WebSocket are read in order: once this is answered, all its subscriptions are active.
  await watch(client, '{ status { demo } }').next();
  return feeds;
}

async function expectEnded(feeds: readonly Feed[]): Promise<void> {
  for (const feed of feeds) {
    let code: string | null = null;
    // Earlier values come first, such as the rest of a replay.
    while (code === null) code = await feed.failed();
    expect(code).toBe('UNAUTHENTICATED');
    await feed.completed().catch((error) => expect(error).toMatchObject({ code: UNAUTHORIZED }));
  }
}

/** Changes a token as another process would. */
async function changeElsewhere(
  app: TestApp,
  change: (tokens: ReturnType<typeof tokenStore>, at: Date) => Promise<unknown>,
): Promise<void> {
  const db = await openDatabase(`file:${app.folder}/wgql.db`);
  await change(tokenStore(db), new Date(app.clock.wallMs()));
  await db.$disconnect();
}

describe('the streams of a token', () => {
  it('end when it is revoked, and those of other tokens continue', async () => {
    const app = await startFleet();
    const { admin, operator, viewer } = await makeStaff(app);
    const mine = await openStreams(app, viewer);
    const others = await openStreams(app, operator);
    await revoke(app, viewer, admin);
    await expectEnded(mine);
    app.wireguard.interface().addPeer();
    const [overSocket, overHttp] = others;
    expect(await overSocket?.next()).toMatchObject({ totalUsers: 3 });
    expect(await overHttp?.next()).toMatchObject({ totalUsers: 3 });
  });

  it('end when another process revokes it', async () => {
    const app = await startFleet();
    const { viewer } = await makeStaff(app);
    const feeds = await openStreams(app, viewer);
    await changeElsewhere(app, (tokens, at) =>
      tokens.revoke({ name: 'vera' }, { actor: 'cli', action: 'revokeToken', at }),
    );
    await expectEnded(feeds);
  });

  it('end when it expires', async () => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    const expiresAt = new Date(app.clock.wallMs() + 1000);
    const brief = await makeToken(app, { name: 'b', role: 'VIEWER', expiresAt }, admin.headers);
    const feeds = await openStreams(app, brief);
    app.clock.advance(1000);
    await expectEnded(feeds);
  });

  it('end when it expires, also while the tokens cannot be read', async () => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    const expiresAt = new Date(app.clock.wallMs() + 1000);
    const brief = await makeToken(app, { name: 'b', role: 'VIEWER', expiresAt }, admin.headers);
    const feeds = await openStreams(app, brief);
    const file = new Database(`${app.folder}/wgql.db`);
    file.exec('ALTER TABLE "Token" RENAME TO "Gone"');
    file.close();
    app.clock.advance(1000);
    await expectEnded(feeds);
    expect((await app.rest('/api/dashboard', { headers: admin.headers })).status).toBe(200);
  });

  it('end when it may no longer be used from that address', async () => {
    const app = await startFleet();
    const { viewer } = await makeStaff(app);
    const feeds = await openStreams(app, viewer);
    const db = await openDatabase(`file:${app.folder}/wgql.db`);
    await db.token.update({ where: { name: 'vera' }, data: { allowedFrom: '192.0.2.0/24' } });
    await db.$disconnect();
    await expectEnded(feeds);
    expect((await app.rest('/api/users', { headers: viewer.headers })).status).toBe(401);
  });

  it('end before its sockets, which are closed even without operations', async () => {
    const app = await startFleet();
    const { admin, operator, viewer } = await makeStaff(app);
    const idle = await openSocket(socketUrl(app), params(viewer));
    const busy = await openSocket(socketUrl(app), params(viewer));
    const other = await openSocket(socketUrl(app), params(operator));
    busy.send({ id: 'd', type: 'subscribe', payload: { query: DASHBOARD } });
    await busy.received('next', 'd');
    await revoke(app, viewer, admin);
    expect(await within('the end', idle.closed)).toBe(UNAUTHORIZED);
    expect(await within('the end', busy.closed)).toBe(UNAUTHORIZED);
    expect(busy.messages.slice(-2)).toMatchObject([
      { type: 'next', payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } },
      { type: 'complete', id: 'd' },
    ]);
    other.send({ id: 'd', type: 'subscribe', payload: { query: DASHBOARD } });
    await other.received('next', 'd');
  });
});

describe('a socket that was opened with the token in its header', () => {
  it('changes nothing from the expiry of the token on', async () => {
    const app = await startTestApp({ env: { WGQL_POLL_INTERVAL_MS: '60000' } });
    const expiresAt = new Date(app.clock.wallMs() + 1_000).toISOString();
    const token = await makeToken(app, { name: 'olga', role: 'OPERATOR', expiresAt });
    const socket = new WebSocket(socketUrl(app), 'graphql-transport-ws', {
      headers: token.headers,
    });
    onTestFinished(() => socket.terminate());
    const next = async () => JSON.parse(String((await once(socket, 'message'))[0]));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    expect(await next()).toMatchObject({ type: 'connection_ack' });
    app.clock.advance(1_000);
    const query = 'mutation { setUserEnabled(id: 1, enabled: false) { user { id } } }';
    socket.send(JSON.stringify({ id: 'm', type: 'subscribe', payload: { query } }));
    expect(await within('the answer', next())).toMatchObject({
      payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  });
});

describe('the streams of open mode', () => {
  it('end when the first token is created, while streams with that token continue', async () => {
    const app = await startFleet();
    const nobody = { secret: '', id: '', headers: {} } as unknown as MadeToken;
    const feeds = await openStreams(app, nobody);
    const idle = await openSocket(socketUrl(app));
    const admin = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    await expectEnded(feeds);
    expect(await within('the end', idle.closed)).toBe(UNAUTHORIZED);
    const feed = watch(connectClient(app, params(admin)), DASHBOARD);
    expect(await feed.next()).toMatchObject({ totalUsers: 2 });
  });
});

describe('a socket', () => {
  it('is closed with 4401 without a valid token, so that clients do not retry forever', async () => {
    const app = await startFleet();
    const { admin, viewer } = await makeStaff(app);
    await revoke(app, viewer, admin);
    for (const given of [undefined, {}, { Authorization: 'Bearer x' }, params(viewer)]) {
      const stream = connectClient(app, given).iterate({ query: DASHBOARD });
      await expect(stream.next()).rejects.toMatchObject({ code: UNAUTHORIZED });
    }
  });

  it('accepts the token as Bearer or Basic, with the header name in any case', async () => {
    const app = await startFleet();
    const { viewer } = await makeStaff(app);
    const basic = `Basic ${Buffer.from(`x:${viewer.secret}`).toString('base64')}`;
    for (const given of [
      { Authorization: `Bearer ${viewer.secret}` },
      { authorization: `bearer ${viewer.secret}` },
      { Authorization: basic },
    ]) {
      const feed = watch(connectClient(app, given), DASHBOARD);
      expect(await feed.next()).toMatchObject({ totalUsers: 2 });
    }
  });

  it('may do what its role allows, and gets an error otherwise', async () => {
    const app = await startFleet();
    const { viewer } = await makeStaff(app);
    const socket = await openSocket(socketUrl(app), params(viewer));
    const query = 'mutation { resetTraffic(id: "1") { user { id } } }';
    socket.send({ id: 'm', type: 'subscribe', payload: { query } });
    expect(await socket.received('next', 'm')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    });
  });
});
