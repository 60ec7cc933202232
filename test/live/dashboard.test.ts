import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { startFleet } from '../rest/support.ts';
import { connectClient, DASHBOARD, watch, watchEvents } from './support.ts';

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
