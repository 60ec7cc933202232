import { describe, expect, it } from 'vitest';
import { startFleet } from '../rest/support.ts';
import { connectClient, watch, watchEvents } from './support.ts';

const STATUS = `subscription { status {
  running stale managing demo lastPollAt lastError onlineUsers totalUsers
  interfaces { name up peers online } } }`;
const GOOD = {
  running: true,
  stale: false,
  managing: true,
  demo: false,
  lastPollAt: '2026-01-15T12:00:00.000Z',
  lastError: null,
  onlineUsers: 1,
  totalUsers: 2,
  interfaces: [{ name: 'wg0', up: true, peers: 2, online: 1 }],
};
const ASLEEP = { en: 'it sleeps', zh: '睡着了' };

describe('the live status', () => {
  it('starts with the current status, then reports when WireGuard stops responding and recovers', async () => {
    const app = await startFleet();
    const feed = watch(connectClient(app), STATUS);
    expect(await feed.next()).toEqual(GOOD);
    app.wireguard.interface().unknown = ASLEEP;
    expect(await feed.next()).toEqual({ ...GOOD, lastError: 'wg0: it sleeps' });
    app.wireguard.interface().unknown = null;
    expect(await feed.next()).toEqual(GOOD);
  });

  it('reports when its values become stale, and when they are current again', async () => {
    const app = await startFleet();
    const feed = await watchEvents(app, STATUS);
    expect(await feed.next()).toMatchObject({ stale: false, lastError: null });
    app.wireguard.interface().unknown = ASLEEP;
    expect(await feed.next()).toMatchObject({ stale: false, lastError: 'wg0: it sleeps' });
    app.clock.advance(300_000);
    // While WireGuard does not respond, presence is unknown and stays unchanged.
    expect(await feed.next()).toEqual({ ...GOOD, stale: true, lastError: 'wg0: it sleeps' });
    app.wireguard.interface().unknown = null;
    const fresh = await feed.next();
    expect(fresh).toMatchObject({ stale: false, lastError: null });
    expect(fresh.lastPollAt).toBe('2026-01-15T12:05:00.000Z');
  });

  it('sends nothing while only times change', async () => {
    const app = await startFleet();
    const feed = watch(connectClient(app), STATUS.replace('stale', 'stale serverTime'));
    await feed.next();
    for (let poll = 0; poll < 3; poll++) {
      app.clock.advance(1_000);
      await app.polled();
    }
    app.wireguard.interface().addPeer();
    expect(await feed.next()).toEqual({
      ...GOOD,
      lastPollAt: '2026-01-15T12:00:03.000Z',
      serverTime: '2026-01-15T12:00:03.000Z',
      totalUsers: 3,
      interfaces: [{ name: 'wg0', up: true, peers: 3, online: 1 }],
    });
  });

  it('sends late joiners the current times', async () => {
    const app = await startFleet();
    const client = connectClient(app);
    await watch(client, STATUS).next();
    app.clock.advance(1_000);
    await app.polled();
    expect((await watch(client, STATUS).next()).lastPollAt).toBe('2026-01-15T12:00:01.000Z');
  });

  it('reports an interface that no longer exists', async () => {
    const app = await startFleet();
    const feed = watch(connectClient(app), STATUS);
    await feed.next();
    app.wireguard.interface().exists = false;
    expect((await feed.next()).interfaces).toEqual([
      { name: 'wg0', up: false, peers: 0, online: 0 },
    ]);
  });
});
