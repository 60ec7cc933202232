import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MonitoredNetwork, startMonitoredNetwork } from '../fixtures/monitored-network.ts';
import { describeTunnel, startTraffic, type WgInterface, waitFor } from '../fixtures/tunnel.ts';
import type { Monitor } from '../fixtures/tunnel-app.ts';

const MB = 1024 * 1024;
const POLL_INTERVAL_S = 1;

describeTunnel('a quota on a real interface', () => {
  let given: MonitoredNetwork;
  let clients: Readonly<Record<string, WgInterface>>;
  let server: WgInterface;
  let monitor: Monitor;

  beforeAll(async () => {
    given = await startMonitoredNetwork(['alice', 'bob', 'carol'], {
      pings: 'before',
      pollIntervalMs: POLL_INTERVAL_S * 1_000,
    });
    ({ clients, server, monitor } = given);
  });

  afterAll(() => given?.close());

  const userOf = (client: WgInterface) =>
    given.userOf(client, 'id quota { used } enforcement { applied reason }');

  it.each([
    // More than the daemon can send: nftables counts all of it, WireGuard what did not overflow.
    ['a flood', 'down', 'alice', 'fd08::2', { proto: 'udp' }, 40],
    ['a download over IPv4', 'down', 'bob', '10.8.0.3', { ratePerSecond: 10 * MB }, 10],
    ['an upload over IPv6', 'up', 'carol', 'fd08::1', { ratePerSecond: 10 * MB }, 10],
  ] as const)(
    'allows %s to use all of it, and little more',
    async (_, way, name, address, flow, megabytes) => {
      const client = clients[name] as WgInterface;
      const { id } = await userOf(client);
      await monitor.graphql(
        `mutation { updateUser(id: "${id}", input: { dataLimit: ${megabytes} }) { user { id } } }`,
      );
      const [from, to] = way === 'up' ? [client, server] : [server, client];
      const begunMs = performance.now();
      await using _traffic = await startTraffic(from.host, to.host, { address, ...flow });
      const user = await waitFor(
        'the quota to be used up',
        async () => {
          const now = await userOf(client);
          return now.enforcement.applied === 'ABSENT' ? now : null;
        },
        { timeoutMs: 60_000 },
      );
      const seconds = (performance.now() - begunMs) / 1_000;
      expect(user.enforcement.reason).toBe('QUOTA_EXCEEDED');
      expect(await server.peer(client.publicKey)).toBeNull();
      const over = Number(user.quota.used) - megabytes * MB;
      expect(over).toBeGreaterThanOrEqual(0);
      // What one poll interval carries; 10 MB/s came to half a megabyte here, the flood to 1 KB.
      expect(over).toBeLessThan(((megabytes * MB) / seconds) * POLL_INTERVAL_S);
    },
  );
});
