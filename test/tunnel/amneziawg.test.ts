import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { connect } from '../fixtures/tunnel/network.ts';
import {
  createNetwork,
  describeTunnel,
  generateKeyPair,
  type Network,
  type WgInterface,
  waitFor,
} from '../fixtures/tunnel.ts';
import { type Monitor, startMonitor } from '../fixtures/tunnel-app.ts';

/**
 * The test machines have no AmneziaWG. wireguard-go stands for its daemon, with the socket where AmneziaWG has it
 * and nowhere else, and a script that sees it there stands for `awg`.
 */
describeTunnel('an interface of AmneziaWG', () => {
  let network: Network;
  let client: WgInterface;
  let folder: string;
  let monitor: Monitor;

  beforeAll(async () => {
    network = await createNetwork();
    const host = await network.host('server');
    const server = await host.addInterface({ name: 'awg0', addresses: ['10.8.0.1/24'] });
    client = await (await network.host('client')).addInterface({ addresses: ['10.8.0.2/24'] });
    await connect(server, client);
    await client.host.ping('10.8.0.1', { count: 2 });
    folder = await mkdtemp(join(tmpdir(), 'wgql-amnezia-'));
    const awg = `#!/bin/sh\nexec unshare -m sh -c 'umount /var/run/wireguard && exec wg "$@"' awg "$@"\n`;
    await writeFile(join(folder, 'awg'), awg);
    await chmod(join(folder, 'awg'), 0o755);
    await host.exec(['mkdir', '-p', '/var/run/amneziawg']);
    await host.exec(['mount', '--bind', '/var/run/wireguard', '/var/run/amneziawg']);
    await host.exec(['mount', '-t', 'tmpfs', 'none', '/var/run/wireguard']);
    monitor = await startMonitor(host, {
      pollIntervalMs: 200,
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    await monitor.polled();
  });

  afterAll(async () => {
    await monitor?.close();
    await network?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const user = async () => {
    const query = `query ($key: String) { user(publicKey: $key) {
      id isOnline interface totalRx enforcement { applied } } }`;
    return (await monitor.graphql(query, { key: client.publicKey })).user;
  };
  const enable = async (enabled: boolean) => {
    const { id } = await user();
    await monitor.graphql(
      `mutation { setUserEnabled(id: "${id}", enabled: ${enabled}) { user { id } } }`,
    );
  };

  it('is read, and its users are removed and restored with awg', async () => {
    const found = await user();
    expect(found).toMatchObject({ isOnline: true, interface: 'awg0' });
    expect(Number(found.totalRx)).toBeGreaterThan(0);
    await enable(false);
    await waitFor(
      'the peer to be absent',
      async () => (await user()).enforcement.applied === 'ABSENT',
    );
    expect((await client.host.ping('10.8.0.1', { count: 1, deadlineSeconds: 1 })).received).toBe(0);
    await enable(true);
    await waitFor(
      'the peer to be present',
      async () => (await user()).enforcement.applied === 'PRESENT',
    );
    await client.reconnects('10.8.0.1');
  });
});

describeTunnel('an interface of AmneziaWG in the kernel', () => {
  let network: Network;
  let folder: string;
  let monitor: Monitor;
  const peer = newPublicKey();

  beforeAll(async () => {
    const own = generateKeyPair();
    network = await createNetwork();
    const host = await network.host('server');
    folder = await mkdtemp(join(tmpdir(), 'wgql-amnezia-'));
    const dump =
      `${own.privateKey}\t${own.publicKey}\t51820\t4\t40\t70\t0\t0\t1\t2\t3\t4\toff\n` +
      `${peer}\t(none)\t192.0.2.4:5\t10.77.0.2/32\t1768478400\t1000000\t2000000\toff\toff\n`;
    await writeFile(join(folder, 'dump'), dump);
    const answer = (interfaces: string) =>
      `#!/bin/sh\nif [ "$2" = interfaces ]; then echo ${interfaces}; else cat ${folder}/dump; fi\n`;
    for (const [tool, interfaces] of [
      ['wg', ''],
      ['awg', 'awg0'],
    ] as const) {
      await writeFile(join(folder, tool), answer(interfaces));
      await chmod(join(folder, tool), 0o755);
    }
    await host.exec(['umount', '-l', '/sys']);
    await host.exec(['ip', 'link', 'add', 'awg0', 'type', 'veth', 'peer', 'name', 'other0']);
    monitor = await startMonitor(host, {
      pollIntervalMs: 200,
      env: { PATH: `${folder}:${process.env.PATH}`, WGQL_MANAGE: 'off' },
    });
    await monitor.polled();
  });

  afterAll(async () => {
    await monitor?.close();
    await network?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is read with awg, whose parameters are ignored', async () => {
    const [user] = await monitor.rest('/api/users');
    expect(user).toMatchObject({ peer_pubkey: peer, total_rx: 1_000_000, total_tx: 2_000_000 });
  });
});
