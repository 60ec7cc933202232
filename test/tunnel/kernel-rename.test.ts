import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import {
  createNetwork,
  describeTunnel,
  generateKeyPair,
  type Host,
  type Network,
  waitFor,
} from '../fixtures/tunnel.ts';
import { type Monitor, startMonitor } from '../fixtures/tunnel-app.ts';

/**
 * The test machines' kernel has no WireGuard: a script plays `wg`, and a veth the device. What is true is
 * that the host has no sysfs of its own, so that indexes come from `ip`.
 */
describeTunnel('an interface of the kernel', () => {
  let network: Network;
  let host: Host;
  let folder: string;
  let monitor: Monitor;
  const own = generateKeyPair();
  const peer = newPublicKey();
  let rx = 1_000_000n;

  const show = (name: string) =>
    writeFile(
      join(folder, 'shown', name),
      `${own.privateKey}\t${own.publicKey}\t51820\toff\n` +
        `${peer}\t(none)\t192.0.2.4:5\t10.77.0.2/32\t1768478400\t${rx}\t2000000\toff\n`,
    );

  beforeAll(async () => {
    network = await createNetwork();
    host = await network.host('server');
    folder = await mkdtemp(join(tmpdir(), 'wgql-kernel-'));
    await host.exec(['mkdir', join(folder, 'shown')]);
    await writeFile(
      join(folder, 'wg'),
      `#!/bin/sh\nif [ "$2" = interfaces ]; then ls ${folder}/shown; else cat ${folder}/shown/"$2"; fi\n`,
    );
    await chmod(join(folder, 'wg'), 0o755);
    await host.exec(['umount', '-l', '/sys']);
    await host.exec(['ip', 'link', 'add', 'wg0', 'type', 'veth', 'peer', 'name', 'other0']);
    await show('wg0');
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

  const booked = () =>
    waitFor('every byte to be booked once', async () => {
      const [user] = await monitor.rest('/api/users');
      return BigInt(user.total_rx) === rx;
    });
  const move = async (from: string, to: string) => {
    await rename(join(folder, 'shown', from), join(folder, 'shown', to));
    await host.exec(['ip', 'link', 'set', from, 'name', to]);
    await monitor.polled();
    rx += 700n;
    await show(to);
  };

  it('keeps its counters when it is renamed and renamed back', async () => {
    await booked();
    await move('wg0', 'wg9');
    await booked();
    await move('wg9', 'wg0');
    await booked();
    await monitor.polled();
    await booked();
  });

  it('keeps its counters when it was renamed while the program was down', async () => {
    await monitor.end('SIGTERM');
    await rename(join(folder, 'shown', 'wg0'), join(folder, 'shown', 'wg8'));
    await host.exec(['ip', 'link', 'set', 'wg0', 'name', 'wg8']);
    rx += 5n;
    await show('wg8');
    await monitor.start();
    await monitor.polled();
    await booked();
    const { status } = await monitor.graphql('{ status { interfaces { name up } } }');
    expect(status.interfaces).toEqual([{ name: 'wg8', up: true }]);
  });
});
