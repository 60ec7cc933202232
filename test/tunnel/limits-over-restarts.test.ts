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

const KB = 1024;
const MB = 1024 * 1024;

describeTunnel('limits on a real interface, over crashes and re-creation', () => {
  const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace'] as const;
  let given: MonitoredNetwork<(typeof names)[number]>;
  let server: WgInterface;
  let alice: WgInterface;
  let bob: WgInterface;
  let carol: WgInterface;
  let dave: WgInterface;
  let erin: WgInterface;
  let frank: WgInterface;
  let grace: WgInterface;
  let monitor: Monitor;

  beforeAll(async () => {
    given = await startMonitoredNetwork(names, { pollIntervalMs: 300 });
    ({ server, monitor } = given);
    ({ alice, bob, carol, dave, erin, frank, grace } = given.clients);
  });

  afterAll(() => given?.close());

  const limitedOnes = () => [alice, erin, frank, grace];
  const clients = () => [...limitedOnes(), bob, carol, dave];
  const userOf = async (client: WgInterface) =>
    (
      await monitor.graphql(
        `query ($key: String) { user(publicKey: $key) {
           id enforcement { desired applied reason lastError } } }`,
        { key: client.publicKey },
      )
    ).user;
  const update = async (client: WgInterface, input: string) => {
    const { id } = await userOf(client);
    await monitor.graphql(
      `mutation { updateUser(id: "${id}", input: { ${input} }) { user { id } } }`,
    );
    await monitor.polled();
  };
  const table = async () => (await server.host.exec(['nft', 'list', 'ruleset'])).stdout;
  const limited = () =>
    waitFor('the limit to be in force', async () => (await table()).includes('table inet wgql'));
  const isOff = (client: WgInterface) =>
    waitFor('the peer to be off', async () => (await server.peer(client.publicKey)) === null, {
      everyMs: 20,
    });
  const isShown = (client: WgInterface, reason: string) =>
    waitFor(`${reason} to be shown`, async () => {
      const { enforcement } = await userOf(client);
      return enforcement.applied === 'ABSENT' && enforcement.reason === reason;
    });
  const carriesPings = (client: WgInterface) =>
    waitFor(
      'the tunnel to carry pings',
      async () => {
        const { received } = await client.host.ping('10.8.0.1', { count: 1, deadlineSeconds: 6 });
        return received > 0;
      },
      { timeoutMs: 40_000 },
    );
  /** Each way has a client of its own, all with 400 KB/s, and all are used at the same time. */
  const holdsBandwidth = async () => {
    const ways = [
      ['up over IPv4', alice.host, server.host, '10.8.0.1'],
      ['down over IPv4', server.host, erin.host, '10.8.0.6'],
      ['up over IPv6', frank.host, server.host, 'fd08::1'],
      ['down over IPv6', server.host, grace.host, 'fd08::8'],
    ] as const;
    const timing = { seconds: 10, warmUpSeconds: 2 };
    const results = await Promise.all(
      ways.map(([, from, to, address]) => sendBytes(from, to, { address, ...timing })),
    );
    for (const [index, { receivedBytes, seconds }] of results.entries()) {
      const share = receivedBytes / seconds / (400 * KB);
      expect(share, ways[index]?.[0]).toBeGreaterThan(0.75);
      expect(share, ways[index]?.[0]).toBeLessThan(1.25);
    }
  };

  it('holds a bandwidth after a crash and a new start', async () => {
    for (const client of limitedOnes()) await update(client, 'bandwidthLimit: 400');
    await limited();
    await monitor.end('SIGKILL');
    await monitor.start();
    await monitor.polled();
    await holdsBandwidth();
  });

  it('allows no traffic above a bandwidth while the client is kicked', async () => {
    const { id } = await userOf(alice);
    await update(alice, 'bandwidthLimit: 100');
    const flood = { address: '10.8.0.2', proto: 'udp', ratePerSecond: 20 * MB } as const;
    await using traffic = await startTraffic(server.host, alice.host, flood);
    await waitFor('the traffic', async () => (await traffic.received()).bytes > 100 * KB);
    const kicked = await traffic.received();
    await monitor.graphql(`mutation { kickUser(id: "${id}") { user { id } } }`);
    const later = await waitFor('two seconds of traffic to the client that is back', async () => {
      const now = await traffic.received();
      return (now.lastMs ?? 0) - kicked.nowMs > 2_000 ? now : null;
    });
    const seconds = (later.nowMs - kicked.nowMs) / 1_000;
    // The bucket may be full: a second's worth and 64 KiB.
    expect(later.bytes - kicked.bytes).toBeLessThan((seconds * 1.25 + 1) * 100 * KB + 64 * KB);
    await update(alice, 'bandwidthLimit: 400');
  });

  it('keeps a user with a used-up quota off after a crash and a new start', async () => {
    await update(bob, 'dataLimit: 1');
    const traffic = await startTraffic(bob.host, server.host, {
      address: '10.8.0.1',
      ratePerSecond: MB,
    });
    try {
      await isOff(bob);
    } finally {
      await traffic.stop();
    }
    await isShown(bob, 'QUOTA_EXCEEDED');
    await monitor.end('SIGKILL');
    await connect(server, bob);
    await monitor.start();
    await isOff(bob);
    await isShown(bob, 'QUOTA_EXCEEDED');
  });

  it('applies an expiry at the start if it passed while the program was down', async () => {
    const expiresMs = Date.now() + 2_000;
    await update(carol, `expiresAt: "${new Date(expiresMs).toISOString()}"`);
    await monitor.end('SIGKILL');
    await waitFor('the expiry to pass', async () => Date.now() > expiresMs);
    expect(await server.peer(carol.publicKey)).not.toBeNull();
    await monitor.start();
    await isOff(carol);
    await isShown(carol, 'EXPIRED');
  });

  it('holds all limits when the interface is re-created', async () => {
    await update(dave, 'enabled: false');
    await isOff(dave);
    await server.recreate();
    // A client that forgets its session shakes hands at once, not after 15 s without an answer.
    for (const client of limitedOnes()) await client.removePeer(server.publicKey);
    for (const client of clients()) await connect(server, client);
    for (const client of [bob, carol, dave]) await isOff(client);
    for (const client of limitedOnes()) await carriesPings(client);
    await monitor.polled();
    await holdsBandwidth();
    const reasons = [
      [bob, 'QUOTA_EXCEEDED'],
      [carol, 'EXPIRED'],
      [dave, 'DISABLED'],
    ] as const;
    for (const [client, reason] of reasons) {
      expect(await server.peer(client.publicKey)).toBeNull();
      await isShown(client, reason);
    }
  });

  it('applies a changed expiry while traffic flows', async () => {
    const expireIn = (ms: number) =>
      update(erin, `expiresAt: "${new Date(Date.now() + ms).toISOString()}"`);
    const flow = { address: 'fd08::6', proto: 'udp', ratePerSecond: 200 * KB } as const;
    await using traffic = await startTraffic(server.host, erin.host, flow);
    /** Ten packets more than now. */
    const flows = async () => {
      const { bytes } = await traffic.received();
      await waitFor('the traffic', async () => (await traffic.received()).bytes > bytes + 12_000);
    };
    await expireIn(600_000);
    await flows();
    await expireIn(1_500);
    await isOff(erin);
    await isShown(erin, 'EXPIRED');
    await expireIn(600_000);
    await flows();
  });

  it('deletes its table on cleanup, and no other', async () => {
    await server.host.exec(['nft', 'add', 'table', 'inet', 'others']);
    expect(await table()).toContain('table inet wgql');
    await monitor.end('SIGTERM');
    expect(await table()).toContain('table inet wgql');
    await server.host.exec([process.execPath, 'dist/main.js', 'cleanup']);
    expect(await table()).not.toContain('wgql');
    expect(await table()).toContain('table inet others');
  });
});
