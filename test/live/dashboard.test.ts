import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { testClock } from '../fixtures/test-clock.ts';
import { makeToken } from '../fixtures/tokens.ts';
import { startFleet } from '../rest/support.ts';
import { connectClient, DASHBOARD, watch, watchEvents } from './support.ts';

const RATES = 'subscription { dashboard { rxBytesPerSecond txBytesPerSecond } }';

describe('the live dashboard', () => {
  it('starts with the current numbers and sends each change, over a WebSocket', async () => {
    const app = await startFleet();
    const feed = watch(connectClient(app), DASHBOARD);
    const first = { totalUsers: 2, onlineUsers: 1, activeSessions: 1, totalRx: '0', todayRx: '0' };
    expect(await feed.next()).toEqual(first);
    app.online.rxBytes += 9_007_199_254_740_993n;
    const moved = { ...first, totalRx: '9007199254740993', todayRx: '9007199254740993' };
    expect(await feed.next()).toEqual(moved);
    app.wireguard.interface().shakeHands(app.offline);
    expect(await feed.next()).toEqual({ ...moved, onlineUsers: 2, activeSessions: 2 });
    await app.rest('/api/users/1/reset');
    expect(await feed.next()).toEqual({
      ...moved,
      onlineUsers: 2,
      activeSessions: 2,
      totalRx: '0',
    });
  });

  it('starts with the current numbers and sends each change, over server-sent events', async () => {
    const app = await startFleet();
    const feed = await watchEvents(app, DASHBOARD);
    expect(feed.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(feed.response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await feed.next()).toMatchObject({ totalUsers: 2, totalRx: '0' });
    app.online.rxBytes += 5n;
    expect(await feed.next()).toMatchObject({ totalRx: '5', todayRx: '5' });
    app.wireguard.interface().addPeer();
    expect(await feed.next()).toMatchObject({ totalUsers: 3 });
  });

  it('sends nothing while no number changes', async () => {
    const app = await startFleet();
    const feed = watch(connectClient(app), DASHBOARD);
    await feed.next();
    await app.polled();
    await app.post('/api/users/1/update', { nickname: 'x' });
    await app.polled();
    app.online.rxBytes += 1n;
    expect(await feed.next()).toMatchObject({ totalRx: '1' });
  });

  it('shows clients that subscribe after midnight the numbers of today, even without new records', async () => {
    const app = await startFleet();
    app.online.rxBytes += 4n;
    await app.polled();
    const early = watch(connectClient(app), DASHBOARD);
    expect(await early.next()).toMatchObject({ todayRx: '4' });
    const database = new Database(join(app.folder, 'wgql.db'), { timeout: 5_000 });
    database.exec('BEGIN IMMEDIATE');
    app.clock.advance(24 * 3600_000);
    const late = watch(connectClient(app), DASHBOARD);
    expect(await late.next()).toMatchObject({ todayRx: '0', totalRx: '4' });
    database.exec('ROLLBACK');
    database.close();
  });

  it('sends the sum of the rates, and again when traffic stops', async () => {
    const app = await startFleet();
    const feed = watch(connectClient(app), RATES);
    expect(await feed.next()).toEqual({ rxBytesPerSecond: 0, txBytesPerSecond: 0 });
    app.clock.advance(2_000);
    app.online.rxBytes += 1_000n;
    app.offline.rxBytes += 3_000n;
    app.offline.txBytes += 500n;
    expect(await feed.next()).toEqual({ rxBytesPerSecond: 2_000, txBytesPerSecond: 250 });
    expect(await feed.next()).toEqual({ rxBytesPerSecond: 0, txBytesPerSecond: 0 });
  });

  it('sends nothing while only numbers change that are not selected', async () => {
    const app = await startFleet();
    const fields = '... on Dashboard { ...Counts __typename }';
    const query = `subscription { dashboard { ${fields} } } fragment Counts on Dashboard { totalUsers }`;
    const feed = watch(connectClient(app), query);
    expect(await feed.next()).toMatchObject({ totalUsers: 2 });
    app.clock.advance(1_000);
    app.online.rxBytes += 1_000n;
    await app.polled();
    app.wireguard.interface().addPeer();
    expect(await feed.next()).toMatchObject({ totalUsers: 3 });
  });

  it('has only the rates and the months of its own users for the role self', async () => {
    const app = await startFleet();
    const admin = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    await app.graphql(
      'mutation { updateUser(id: 1, input: { owner: "Bob" }) { user { id } } }',
      {},
      admin.headers,
    );
    const self = { name: 'bob', role: 'SELF', owner: 'Bob' };
    const { secret } = await makeToken(app, self, admin.headers);
    const query = 'subscription { dashboard { rxBytesPerSecond monthRx } }';
    const feed = watch(connectClient(app, { Authorization: `Bearer ${secret}` }), query);
    expect(await feed.next()).toEqual({ rxBytesPerSecond: 0, monthRx: '0' });
    app.clock.advance(1_000);
    app.online.rxBytes += 10n;
    app.offline.rxBytes += 1_000n;
    expect(await feed.next()).toEqual({ rxBytesPerSecond: 10, monthRx: '10' });
    expect(await feed.next()).toEqual({ rxBytesPerSecond: 0, monthRx: '10' });
    app.offline.rxBytes += 1_000n;
    await app.polled();
    app.online.rxBytes += 1n;
    expect(await feed.next()).toMatchObject({ monthRx: '11' });
  });

  it('resets the numbers of the month at its end in the configured time zone', async () => {
    const clock = testClock(Date.UTC(2026, 0, 31, 15, 0));
    const app = await startFleet({ clock, env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    app.online.rxBytes += 4n;
    app.online.txBytes += 5n;
    await app.polled();
    const query = 'subscription { dashboard { monthRx monthTx totalRx } }';
    const feed = watch(connectClient(app), query);
    expect(await feed.next()).toEqual({ monthRx: '4', monthTx: '5', totalRx: '4' });
    clock.advance(59 * 60_000);
    app.online.rxBytes += 2n;
    expect(await feed.next()).toMatchObject({ monthRx: '6' });
    clock.advance(60_000);
    let sent = await feed.next();
    while (sent.monthRx !== '0') sent = await feed.next();
    expect(sent).toEqual({ monthRx: '0', monthTx: '0', totalRx: '6' });
  });

  it('resets the numbers of today at the local midnight', async () => {
    const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    app.online.rxBytes += 4n;
    await app.polled();
    const feed = watch(connectClient(app), DASHBOARD);
    expect(await feed.next()).toMatchObject({ todayRx: '4' });
    // From 20:00 to after midnight in Shanghai; the user is offline by then.
    app.clock.advance(4 * 3600_000 + 1_000);
    expect(await feed.next()).toMatchObject({ todayRx: '0', totalRx: '4', onlineUsers: 0 });
  });
});
