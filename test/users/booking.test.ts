import { describe, expect, it } from 'vitest';
import { startTestApp } from '../fixtures/test-app.ts';

describe('booking through the whole program', () => {
  it('treats the counters of a new interface as opening balance, outside any day', async () => {
    const app = await startTestApp({
      prepare: (wg) => wg.interface().addPeer({ rxBytes: 1000n, txBytes: 2000n }),
    });
    await app.polled();
    const { body } = await app.rest('/api/dashboard');
    expect(body).toMatchObject({ total_rx: 1000, total_tx: 2000, today_rx: 0, today_tx: 0 });
  });

  it('adds traffic to the user, the day and the open session', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    await app.polled();
    const peer = wg0.addPeer();
    wg0.shakeHands(peer);
    await app.polled();
    peer.rxBytes += 500n;
    peer.txBytes += 700n;
    await app.polled();
    const users = await app.rest('/api/users');
    expect(users.body).toMatchObject([{ total_rx: 500, total_tx: 700, status: 1 }]);
    const events = await app.rest('/api/events');
    expect(events.body).toMatchObject([{ session_rx: 500, session_tx: 700, status: 'ONLINE' }]);
    const dashboard = await app.rest('/api/dashboard');
    expect(dashboard.body).toMatchObject({ today_rx: 500, today_tx: 700, online_users: 1 });
  });
});
