import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MonitoredNetwork, startMonitoredNetwork } from '../fixtures/monitored-network.ts';
import {
  describeTunnel,
  generatePresharedKey,
  type WgInterface,
  waitFor,
} from '../fixtures/tunnel.ts';
import type { Monitor } from '../fixtures/tunnel-app.ts';

const POLL_MS = 200;
const WINDOW_S = 4;

interface Views {
  readonly users: number;
  readonly management: number;
  readonly status: number;
  readonly dashboard: number;
  readonly activeSessions: number;
  readonly events: number;
  readonly filtered: number;
  readonly openSessions: number;
  readonly interfaces: number;
}

/** How many are online, by everything that says so. */
async function onlineByEveryView(monitor: Monitor): Promise<Views> {
  const [users, management, status, dashboard, events, graphql] = await Promise.all([
    monitor.rest('/api/users'),
    monitor.rest('/api/users/management'),
    monitor.rest('/api/status'),
    monitor.rest('/api/dashboard'),
    monitor.rest('/api/events'),
    monitor.graphql(`{
      users(filter: { online: true }) { totalCount }
      sessions(filter: { open: true }) { totalCount }
      status { interfaces { online } }
    }`),
  ]);
  const count = (rows: { [key: string]: unknown }[], key: string, value: unknown) =>
    rows.filter((row) => row[key] === value).length;
  return {
    users: count(users, 'status', 1),
    management: count(management, 'is_online', 1),
    status: status.online,
    dashboard: dashboard.online_users,
    activeSessions: dashboard.active_sessions,
    events: count(events, 'status', 'ONLINE'),
    filtered: graphql.users.totalCount,
    openSessions: graphql.sessions.totalCount,
    interfaces: graphql.status.interfaces[0].online,
  };
}

describeTunnel('presence beside a real interface', () => {
  let given: MonitoredNetwork<'alice'>;
  let server: WgInterface;
  let alice: WgInterface;
  let mallory: WgInterface;
  let monitor: Monitor;

  beforeAll(async () => {
    given = await startMonitoredNetwork(['alice'], {
      pings: 'never',
      pollIntervalMs: POLL_MS,
      onlineWindowSeconds: WINDOW_S,
    });
    ({ server, monitor } = given);
    ({ alice } = given.clients);
    const host = await given.network.host('mallory');
    mallory = await host.addInterface({ addresses: ['10.8.0.3/24'] });
  });

  afterAll(() => given?.close());

  const user = async (client: WgInterface) => {
    const { user: found } = await monitor.graphql(
      `query ($key: String) { user(publicKey: $key) { isOnline lastSeenAt totalRx
         sessions(first: 1) { edges { node { startedAt endedAt lastSeenAt endReason } } } } }`,
      { key: client.publicKey },
    );
    return found;
  };
  const everyViewSays = async (online: number) => {
    const views = await onlineByEveryView(monitor);
    return Object.values(views).every((count) => count === online) ? views : null;
  };

  it('shows no user as online without a handshake', async () => {
    expect(await everyViewSays(0)).not.toBeNull();
  });

  it('shows a peer that starts to send in both APIs within two polls', async () => {
    await alice.host.ping('10.8.0.1', { count: 1 });
    // The time of a poll is that of the end of its read, which may have begun before the handshake.
    await monitor.polled();
    await monitor.polled();
    expect(await everyViewSays(1)).not.toBeNull();
    const handshake = (await server.peer(alice.publicKey))?.latestHandshake ?? 0;
    const { sessions } = await user(alice);
    const startedMs = Date.parse(sessions.edges[0].node.startedAt);
    expect(Math.abs(startedMs / 1000 - handshake)).toBeLessThanOrEqual(1.5);
  });

  it('sends subscribers first the online users and then each change', async () => {
    const client = monitor.live();
    const stream = client.iterate<{
      presence: { isOnline: boolean; user: { publicKey: string } }[];
    }>({
      query: 'subscription { presence { isOnline user { publicKey } } }',
    });
    const snapshot = await stream.next();
    expect(snapshot.value?.data?.presence).toEqual([
      { isOnline: true, user: { publicKey: alice.publicKey } },
    ]);
    const change = await stream.next();
    expect(change.value?.data?.presence).toEqual([
      { isOnline: false, user: { publicKey: alice.publicKey } },
    ]);
    await stream.return?.();
    await client.dispose();
  });

  it('ends the session at its last proof of life, one window later', async () => {
    await waitFor('alice to be offline', async () => everyViewSays(0));
    const { isOnline, lastSeenAt, sessions } = await user(alice);
    const [{ node }] = sessions.edges;
    expect(isOnline).toBe(false);
    expect(node.endReason).toBe('TIMEOUT');
    expect(node.endedAt).toBe(node.lastSeenAt);
    expect(node.endedAt).toBe(lastSeenAt);
    const { events } = await monitor.graphql(
      '{ events(filter: { types: [SESSION_ENDED] }) { edges { node { at } } } }',
    );
    const noticedMs = Date.parse(events.edges.at(-1).node.at) - Date.parse(node.endedAt);
    expect(noticedMs).toBeGreaterThan(WINDOW_S * 1000);
  });

  it('never shows a client as online whose handshake does not complete', async () => {
    // A preshared key that only one side has: the server hears and answers, the client cannot follow.
    await server.setPeer({ publicKey: mallory.publicKey, allowedIps: ['10.8.0.3/32'] });
    await mallory.setPeer({
      publicKey: server.publicKey,
      allowedIps: ['10.8.0.0/24'],
      endpoint: `${server.host.ipv4}:${server.listenPort}`,
      presharedKey: generatePresharedKey(),
    });
    await mallory.host.ping('10.8.0.1', { count: 1, deadlineSeconds: 7 });
    const heard = await waitFor('initiations to be counted', async () => {
      const peer = await server.peer(mallory.publicKey);
      return peer !== null && peer.rx >= 148n * 2n ? peer : null;
    });
    await monitor.polled();
    expect(heard.latestHandshake).toBe(0);
    const { isOnline, sessions, totalRx } = await user(mallory);
    expect(isOnline).toBe(false);
    expect(sessions.edges).toEqual([]);
    expect(Number(totalRx)).toBeGreaterThanOrEqual(Number(heard.rx));
    await server.removePeer(mallory.publicKey);
  });

  it('keeps all users unchanged while the daemon hangs, and reports stale values', async () => {
    await alice.host.ping('10.8.0.1', { count: 2 });
    await monitor.polled();
    expect(await everyViewSays(1)).not.toBeNull();
    const before = await monitor.rest('/api/users');
    await server.pause();
    try {
      const { status } = await waitFor('the status to be stale', async () => {
        const answer = await monitor.graphql('{ status { stale lastError running } }');
        return answer.status.stale ? answer : null;
      });
      expect(status.running).toBe(true);
      expect(status.lastError).toMatch(/wg0.*did not respond/);
      expect(await everyViewSays(1)).not.toBeNull();
      const during = await monitor.rest('/api/users');
      expect(during.map((row: { total_rx: number }) => row.total_rx)).toEqual(
        before.map((row: { total_rx: number }) => row.total_rx),
      );
      expect((await monitor.rest('/readyz')).status).toBe('unavailable');
    } finally {
      await server.resume();
    }
    await waitFor('the status to be fresh', async () => {
      const answer = await monitor.graphql('{ status { stale lastError } }');
      return !answer.status.stale && answer.status.lastError === null;
    });
  });

  it('agrees in all APIs while a peer comes and goes', async () => {
    const until = Date.now() + 8_000;
    await alice.host.ping('10.8.0.1', { count: 1 });
    let looks = 0;
    while (Date.now() < until) {
      const data = await monitor.graphql(`{
        dashboard { onlineUsers activeSessions }
        status { onlineUsers interfaces { online } }
        users(filter: { online: true }) { totalCount edges { node { isOnline session { id } } } }
        sessions(filter: { open: true }) { totalCount }
      }`);
      const counts = new Set([
        data.dashboard.onlineUsers,
        data.dashboard.activeSessions,
        data.status.onlineUsers,
        data.users.totalCount,
        data.sessions.totalCount,
      ]);
      expect(counts.size, JSON.stringify(data)).toBe(1);
      looks++;
    }
    expect(looks).toBeGreaterThan(20);
  });
});
