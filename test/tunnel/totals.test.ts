import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MonitoredNetwork, startMonitoredNetwork } from '../fixtures/monitored-network.ts';
import {
  connect,
  describeTunnel,
  sendBytes,
  startTraffic,
  type WgInterface,
  waitFor,
} from '../fixtures/tunnel.ts';
import type { Monitor } from '../fixtures/tunnel-app.ts';
import { samplesIn } from '../metrics/support.ts';

interface ApiUser {
  readonly peer_pubkey: string;
  readonly total_rx: number;
  readonly total_tx: number;
}

describeTunnel('totals beside a real interface with three peers', () => {
  let given: MonitoredNetwork;
  let server: WgInterface;
  let clients: WgInterface[];
  let monitor: Monitor;

  beforeAll(async () => {
    // What was moved before is the opening balance.
    given = await startMonitoredNetwork(['alice', 'bob', 'carol'], { pings: 'before' });
    ({ server, monitor } = given);
    clients = Object.values(given.clients);
  });

  afterAll(() => given?.close());

  /** WireGuard's counters when they have stopped moving, and ours, by public key. */
  const bothTotals = async () => {
    const counters = async () => {
      const { peers } = await server.dump();
      return Object.fromEntries(
        peers.map((peer) => [peer.publicKey, [Number(peer.rx), Number(peer.tx)]]),
      );
    };
    const wireguard = await waitFor('the counters to rest', async () => {
      const before = await counters();
      await monitor.polled();
      const after = await counters();
      return JSON.stringify(before) === JSON.stringify(after) ? after : null;
    });
    await monitor.polled();
    const users: ApiUser[] = await monitor.rest('/api/users');
    const ours = Object.fromEntries(
      users.map((user) => [user.peer_pubkey, [user.total_rx, user.total_tx]]),
    );
    return { wireguard, ours };
  };

  it('are equal to wg show, to the byte, from the first read on', async () => {
    const { wireguard, ours } = await bothTotals();
    expect(Object.keys(ours)).toHaveLength(3);
    expect(ours).toEqual(wireguard);
  });

  it('are in the metrics with the time of the handshake, as wg show has them', async () => {
    const { wireguard } = await bothTotals();
    const samples = samplesIn(await monitor.rest('/metrics'));
    const { peers } = await server.dump();
    for (const { publicKey, latestHandshake } of peers) {
      const labels = `{interface="${server.name}",public_key="${publicKey}"}`;
      const valueFor = (name: string) => Number(samples.get(`${name}${labels}`));
      expect(
        ['received', 'sent'].map((direction) => valueFor(`wireguard_${direction}_bytes_total`)),
      ).toEqual(wireguard[publicKey]);
      expect(valueFor('wireguard_latest_handshake_seconds')).toBe(Number(latestHandshake));
    }
    expect(peers).toHaveLength(3);
  });

  it('count bytes from before the first read for no day', async () => {
    const dashboard = await monitor.rest('/api/dashboard');
    expect(dashboard.total_rx).toBeGreaterThan(0);
    expect(dashboard.today_rx).toBe(0);
  });

  it('stay equal while traffic flows in both directions, for IPv4 and IPv6', async () => {
    const [alice, bob] = clients as [WgInterface, WgInterface];
    await sendBytes(alice.host, server.host, { address: '10.8.0.1', bytes: 2_000_000 });
    await sendBytes(server.host, bob.host, { address: 'fd08::3', bytes: 2_000_000 });
    const { wireguard, ours } = await bothTotals();
    expect(ours).toEqual(wireguard);
    expect(ours[alice.publicKey]?.[0]).toBeGreaterThan(2_000_000);
    expect(ours[bob.publicKey]?.[1]).toBeGreaterThan(2_000_000);
  });

  it('lose and double no byte in twenty kills under traffic', async () => {
    const [alice] = clients as [WgInterface];
    const traffic = await startTraffic(alice.host, server.host, {
      address: '10.8.0.1',
      ratePerSecond: 1_000_000,
    });
    try {
      for (let kill = 0; kill < 20; kill++) {
        await monitor.end('SIGKILL');
        await monitor.start();
        await monitor.polled();
      }
    } finally {
      await traffic.stop();
    }
    const { wireguard, ours } = await bothTotals();
    expect(ours).toEqual(wireguard);
    const { dashboard } = await monitor.graphql('{dashboard{onlineUsers activeSessions}}');
    expect(dashboard.activeSessions).toBe(dashboard.onlineUsers);
    const { sessions } = await monitor.graphql('{sessions{totalCount}}');
    expect(sessions.totalCount).toBe(3);
  });

  it('stay equal when the link goes down and up', async () => {
    const [alice] = clients as [WgInterface];
    await server.down();
    await monitor.polled();
    await server.up();
    await alice.host.ping('10.8.0.1', { count: 3 });
    const { wireguard, ours } = await bothTotals();
    expect(ours).toEqual(wireguard);
  });
});

describeTunnel('totals over resets of the counters', () => {
  let given: MonitoredNetwork<'client'>;
  let server: WgInterface;
  let client: WgInterface;
  let monitor: Monitor;

  beforeAll(async () => {
    given = await startMonitoredNetwork(['client'], { pings: 'never' });
    ({ server, monitor } = given);
    ({ client } = given.clients);
  });

  afterAll(() => given?.close());

  /** What WireGuard shows once it rests and has been booked. */
  const shown = () =>
    waitFor('the counters to rest', async () => {
      const before = await server.peer(client.publicKey);
      await monitor.polled();
      const after = await server.peer(client.publicKey);
      const rests = before?.rx === after?.rx && before?.tx === after?.tx;
      return rests && after !== null ? { rx: Number(after.rx), tx: Number(after.tx) } : null;
    });
  const booked = async () => {
    const users: ApiUser[] = await monitor.rest('/api/users');
    expect(users).toHaveLength(1);
    return { rx: users[0]?.total_rx, tx: users[0]?.total_tx };
  };
  const sum = (a: { rx: number; tx: number }, b: { rx: number; tx: number }) => ({
    rx: a.rx + b.rx,
    tx: a.tx + b.tx,
  });
  /** Makes the server know the client again, and the client shake hands at once instead of later. */
  const reconnect = async () => {
    await client.removePeer(server.publicKey);
    await connect(server, client);
  };
  /** Sends until a ping is answered. */
  const talk = (count: number) =>
    waitFor(
      'the tunnel to carry pings again',
      async () => (await client.host.ping('10.8.0.1', { count, size: 1000 })).received > 0,
      { timeoutMs: 60_000 },
    );

  let past = { rx: 0, tx: 0 };

  it('add up when a peer is removed and added again', async () => {
    await talk(10);
    past = await shown();
    await server.removePeer(client.publicKey);
    await monitor.polled();
    await reconnect();
    await talk(3);
    const now = await shown();
    expect(await booked()).toEqual(sum(past, now));
    past = sum(past, now);
  });

  it('add up when the interface is re-created while the program is down, with larger counters', async () => {
    await monitor.end('SIGTERM');
    await server.recreate();
    await reconnect();
    await talk(40);
    await monitor.start();
    const now = await shown();
    expect(now.rx).toBeGreaterThan(past.rx);
    expect(await booked()).toEqual(sum(past, now));
    past = sum(past, now);
  });

  it('add up when the interface is re-created while the program runs', async () => {
    await server.recreate();
    await reconnect();
    await talk(5);
    const now = await shown();
    expect(await booked()).toEqual(sum(past, now));
    past = sum(past, now);
  });

  it('never decrease and are never negative, in any direction', async () => {
    const { dashboard } = await monitor.graphql('{dashboard{totalRx totalTx todayRx todayTx}}');
    expect({ rx: Number(dashboard.totalRx), tx: Number(dashboard.totalTx) }).toEqual(past);
    expect(Number(dashboard.todayRx)).toBe(past.rx);
    expect(Number(dashboard.todayTx)).toBe(past.tx);
  });
});
