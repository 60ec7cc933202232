import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Monitor, startMonitor } from '../support/monitor.ts';
import {
  connect,
  createNetwork,
  describeTunnel,
  type Network,
  sendBytes,
  startTraffic,
  type WgInterface,
  waitFor,
} from '../support/tunnel.ts';

const KB = 1024;
const MB = 1024 * 1024;

describeTunnel('limits on a real interface, over crashes and re-creation', () => {
  let network: Network;
  let server: WgInterface;
  let alice: WgInterface;
  let bob: WgInterface;
  let carol: WgInterface;
  let monitor: Monitor;

  beforeAll(async () => {
    network = await createNetwork();
    const start = async (name: string, number: number) => {
      const host = await network.host(name);
      return host.addInterface({ addresses: [`10.8.0.${number}/24`, `fd08::${number}/64`] });
    };
    server = await start('server', 1);
    alice = await start('alice', 2);
    bob = await start('bob', 3);
    carol = await start('carol', 4);
    for (const client of [alice, bob, carol]) await connect(server, client);
    monitor = await startMonitor(server.host, { pollIntervalMs: 300 });
    for (const { host } of [alice, bob, carol]) await host.ping('10.8.0.1', { count: 2 });
    await monitor.polled();
  });

  afterAll(async () => {
    await monitor?.close();
    await network?.close();
  });

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
  const isTold = (client: WgInterface, reason: string) =>
    waitFor(`${reason} to be told`, async () => {
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
  /** Alice gets 400 KB/s, in each direction and family. */
  const holdsAlice = async () => {
    const ways = [
      ['up over IPv4', alice.host, server.host, '10.8.0.1'],
      ['down over IPv4', server.host, alice.host, '10.8.0.2'],
      ['up over IPv6', alice.host, server.host, 'fd08::1'],
      ['down over IPv6', server.host, alice.host, 'fd08::2'],
    ] as const;
    for (const [way, from, to, address] of ways) {
      const flow = { address, seconds: 4, warmUpSeconds: 1 };
      const { receivedBytes, seconds } = await sendBytes(from, to, flow);
      const share = receivedBytes / seconds / (400 * KB);
      expect(share, way).toBeGreaterThan(0.75);
      expect(share, way).toBeLessThan(1.25);
    }
  };

  it('holds a bandwidth after a crash and a new start', async () => {
    await update(alice, 'bandwidthLimit: 400');
    await limited();
    await monitor.end('SIGKILL');
    await monitor.start();
    await monitor.polled();
    await holdsAlice();
  });

  it('lets nothing past a bandwidth while the client is kicked', async () => {
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

  it('keeps a user off whose quota is used up, after a crash and a new start', async () => {
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
    await isTold(bob, 'QUOTA_EXCEEDED');
    await monitor.end('SIGKILL');
    await connect(server, bob);
    await monitor.start();
    await isOff(bob);
    await isTold(bob, 'QUOTA_EXCEEDED');
  });

  it('lets an expiry act at the start that passed while the program was down', async () => {
    const expiresMs = Date.now() + 2_000;
    await update(carol, `expiresAt: "${new Date(expiresMs).toISOString()}"`);
    await monitor.end('SIGKILL');
    await waitFor('the expiry to pass', async () => Date.now() > expiresMs);
    expect(await server.peer(carol.publicKey)).not.toBeNull();
    await monitor.start();
    await isOff(carol);
    await isTold(carol, 'EXPIRED');
  });

  it('holds bandwidth, quota and expiry when the interface is re-created', async () => {
    await server.recreate();
    // A client that forgets its session shakes hands at once, not after 15 s without an answer.
    await alice.removePeer(server.publicKey);
    for (const client of [alice, bob, carol]) await connect(server, client);
    await isOff(bob);
    await isOff(carol);
    await carriesPings(alice);
    await monitor.polled();
    await holdsAlice();
    expect(await server.peer(bob.publicKey)).toBeNull();
    await isTold(bob, 'QUOTA_EXCEEDED');
  });

  it('takes its table away on cleanup, and no other', async () => {
    await server.host.exec(['nft', 'add', 'table', 'inet', 'others']);
    expect(await table()).toContain('table inet wgql');
    await monitor.end('SIGTERM');
    expect(await table()).toContain('table inet wgql');
    await server.host.exec([process.execPath, 'dist/main.js', 'cleanup']);
    expect(await table()).not.toContain('wgql');
    expect(await table()).toContain('table inet others');
  });
});
