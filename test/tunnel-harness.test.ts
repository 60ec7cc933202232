import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CommandError,
  connect,
  createNetwork,
  describeTunnel,
  generateKeyPair,
  generatePresharedKey,
  type Host,
  type Network,
  publicKeyOf,
  sendBytes,
  startTraffic,
  type WgInterface,
  waitFor,
} from './fixtures/tunnel.ts';

describe('waiting for a condition', () => {
  it('reports the condition and the last failure when it times out', async () => {
    const never = waitFor('the moon', () => Promise.reject(new Error('too far')), {
      timeoutMs: 20,
      everyMs: 5,
    });
    await expect(never).rejects.toThrow(/20 ms waiting for the moon: too far/);
  });
});

describeTunnel('a server with two clients', () => {
  let network: Network;
  let server: WgInterface;
  let alice: WgInterface;
  let bob: WgInterface;
  const presharedKey = generatePresharedKey();

  beforeAll(async () => {
    network = await createNetwork();
    const start = async (name: string, number: number) => {
      const host = await network.host(name);
      const addresses = [`10.8.0.${number}/24`, `fd08::${number}/64`];
      return await host.addInterface({ addresses });
    };
    [server, alice, bob] = await Promise.all([
      start('server', 1),
      start('alice', 2),
      start('bob', 3),
    ]);
    await connect(server, alice, { presharedKey, clientSide: { persistentKeepalive: 25 } });
    await connect(server, bob, { clientSide: { endpoint: `[${server.host.ipv6}]:51820` } });
  });

  afterAll(() => network?.close());

  const counters = async (client: WgInterface) => {
    const peer = await server.peer(client.publicKey);
    if (peer === null) throw new Error('The server does not know this client');
    return peer;
  };

  it.each(['10.8.0.1', 'fd08::1'])('carries pings of both clients to %s', async (address) => {
    for (const client of [alice, bob]) {
      expect(await client.host.ping(address, { count: 3 })).toMatchObject({ received: 3 });
    }
  });

  it('counts the traffic of the tunnel and shows its peers', async () => {
    const before = await counters(alice);
    await alice.host.ping('10.8.0.1', { count: 5, size: 1000 });
    const after = await counters(alice);
    // 1000 bytes of payload, 28 of headers, padded to 1040, 32 of WireGuard: 1072.
    expect(after.rx - before.rx).toBeGreaterThanOrEqual(5n * 1072n);
    expect(after.tx - before.tx).toBeGreaterThanOrEqual(5n * 1072n);
    expect(Math.abs(after.latestHandshake - Date.now() / 1000)).toBeLessThan(60);
    expect(after).toMatchObject({
      publicKey: alice.publicKey,
      presharedKey,
      endpoint: `${alice.host.ipv4}:51820`,
      keepalive: 0,
    });
    expect(after.allowedIps.sort()).toEqual(['10.8.0.2/32', 'fd08::2/128']);
    expect((await counters(bob)).endpoint).toBe(`[${bob.host.ipv6}]:51820`);
    expect(await alice.peer(server.publicKey)).toMatchObject({ keepalive: 25, presharedKey });
    expect(await alice.peer(bob.publicKey)).toBeNull();
  });

  it.each([
    ['tcp', 1_000_000],
    // Few enough for the socket buffers on the way, so that none is lost on a busy machine.
    ['udp', 100_000],
  ] as const)('delivers bytes over %s', async (proto, bytes) => {
    const before = await counters(bob);
    const options = { address: 'fd08::1', proto, bytes, ratePerSecond: 2_000_000 };
    const result = await sendBytes(bob.host, server.host, options);
    expect(result.receivedBytes).toBe(bytes);
    expect(result.seconds).toBeGreaterThan(0);
    expect((await counters(bob)).rx - before.rx).toBeGreaterThan(BigInt(bytes));
  });

  it('measures a rate after a warm-up', async () => {
    const result = await sendBytes(server.host, alice.host, {
      address: '10.8.0.2',
      ratePerSecond: 2_000_000,
      warmUpSeconds: 0.2,
      seconds: 0.5,
    });
    expect(result.seconds).toBeGreaterThan(0.49);
    expect(result.receivedBytes / result.seconds).toBeGreaterThan(1_500_000);
    expect(result.receivedBytes / result.seconds).toBeLessThan(2_500_000);
  });

  it('sends until it is stopped', async () => {
    const options = { address: '10.8.0.1', proto: 'udp', ratePerSecond: 100_000 } as const;
    const traffic = await startTraffic(alice.host, server.host, options);
    await waitFor('10 kB', async () => (await traffic.received()).bytes > 10_000);
    await traffic.stop();
    await traffic.stop();
  });

  it('keeps the counters of an interface that goes down and up', async () => {
    const before = await counters(bob);
    await server.down();
    await server.up();
    expect((await counters(bob)).rx).toBeGreaterThanOrEqual(before.rx);
    expect(await bob.host.ping('fd08::1')).toMatchObject({ received: 3 });
  });

  it('resets the counters of a peer that is removed and added again', async () => {
    await bob.host.ping('10.8.0.1');
    expect((await counters(bob)).rx).toBeGreaterThan(0n);
    await bob.down();
    await server.removePeer(bob.publicKey);
    expect(await server.peer(bob.publicKey)).toBeNull();
    await connect(server, bob);
    expect(await counters(bob)).toMatchObject({ rx: 0n, tx: 0n, latestHandshake: 0 });
    await bob.up();
  });

  it('makes `wg` hang while the daemon is paused, until it continues', async () => {
    const before = await counters(alice);
    await server.pause();
    const hanging = server.dump({ timeoutMs: 300 });
    await expect(hanging).rejects.toBeInstanceOf(CommandError);
    await expect(hanging).rejects.toMatchObject({ timedOut: true });
    await server.resume();
    expect(await alice.host.ping('10.8.0.1')).toMatchObject({ received: 3 });
    expect((await counters(alice)).rx).toBeGreaterThan(before.rx);
  });

  it('starts at zero when the interface is re-created', async () => {
    const { pid } = server;
    const index = await server.host.exec(['cat', '/sys/class/net/wg0/ifindex']);
    await server.recreate();
    expect(server.pid).not.toBe(pid);
    expect(await server.dump()).toEqual({
      publicKey: server.publicKey,
      listenPort: 51820,
      peers: [],
    });
    expect(await server.host.exec(['cat', '/sys/class/net/wg0/ifindex'])).not.toEqual(index);
    await connect(server, alice, { presharedKey });
    expect(await counters(alice)).toMatchObject({ rx: 0n, latestHandshake: 0 });
    await alice.recreate();
    await connect(server, alice, { presharedKey });
    expect(await alice.host.ping('fd08::1')).toMatchObject({ received: 3 });
    expect((await counters(alice)).rx).toBeGreaterThan(0n);
  });

  it('survives a crash of the daemon', async () => {
    await bob.destroy('SIGKILL');
    expect(bob.pid).toBeNull();
    await expect(bob.dump()).rejects.toBeInstanceOf(CommandError);
    await bob.recreate();
    expect((await bob.dump()).peers).toEqual([]);
  });
});

describeTunnel('a host', () => {
  let network: Network;
  let host: Host;

  beforeAll(async () => {
    network = await createNetwork({ segmentationOffload: false });
    host = await network.host('host');
  });

  afterAll(() => network?.close());

  it('sees only its own interfaces, or without its own sysfs those of the machine', async () => {
    const listed = async (where: Host) => {
      const { stdout } = await where.exec(['ls', '/sys/class/net']);
      return stdout.trim().split('\n').sort();
    };
    expect(await listed(host)).toEqual(['eth0', 'lo']);
    const plain = await network.host('plain', { sysfs: false });
    expect(await listed(plain)).toEqual((await readdir('/sys/class/net')).sort());
  });

  it('receives no packets above the MTU if segmentation offload is off', async () => {
    const sender = await network.host('sender');
    const statistic = async (name: string) => {
      const file = host.path(`/sys/class/net/eth0/statistics/${name}`);
      return Number(await readFile(file, 'utf8'));
    };
    await sendBytes(sender, host, { address: host.ipv4, bytes: 5_000_000 });
    expect(await statistic('rx_bytes')).toBeGreaterThan(5_000_000);
    expect((await statistic('rx_bytes')) / (await statistic('rx_packets'))).toBeLessThan(1515);
  });

  it('runs commands with input, environment and working directory, and reports failures', async () => {
    expect(await host.exec(['cat'], { input: 'hello' })).toEqual({ stdout: 'hello', stderr: '' });
    expect((await host.exec(['pwd'])).stdout).toBe(`${process.cwd()}\n`);
    const failing = host.exec(['ls', '/no/such/folder']);
    await expect(failing).rejects.toMatchObject({ exitCode: 2, timedOut: false });
    await expect(failing).rejects.toThrow(/no\/such\/folder/);
  });

  it('starts processes with their own pid and signals', async () => {
    const child = host.spawn(['sleep', '1000'], { env: { GREETING: 'hello' } });
    const line = () => readFile(`/proc/${child.pid}/cmdline`, 'utf8');
    await waitFor('sleep to run', async () => (await line()) === 'sleep\u00001000\u0000');
    expect(await readFile(`/proc/${child.pid}/environ`, 'utf8')).toContain('GREETING=hello');
    child.kill('SIGTERM');
    await waitFor('sleep to end', async () => child.signalCode === 'SIGTERM');
  });

  it('derives the same public key as `wg pubkey`', async () => {
    const { privateKey, publicKey } = generateKeyPair();
    const { stdout } = await host.exec(['wg', 'pubkey'], { input: privateKey });
    expect(stdout.trim()).toBe(publicKey);
    expect(publicKeyOf(privateKey)).toBe(publicKey);
  });

  it('leaves no secret behind', async () => {
    const wg0 = await host.addInterface({ addresses: ['10.8.0.1/24'] });
    await wg0.setPeer({
      publicKey: generateKeyPair().publicKey,
      allowedIps: [],
      presharedKey: generatePresharedKey(),
    });
    expect((await readdir(host.path('/run'))).join()).not.toContain('secret');
    await wg0.destroy();
    await wg0.destroy();
    expect(await readdir(host.path('/run/wireguard'))).toEqual([]);
  });
});

describeTunnel('a closed network', () => {
  it('has ended all its processes, their children too', async () => {
    const network = await createNetwork();
    const host = await network.host('host');
    const wg0 = await host.addInterface({ addresses: ['10.8.0.1/24'] });
    const shell = host.spawn(['sh', '-c', 'sleep 1000 & echo $!; wait']);
    const grandchild = await new Promise<string>((resolve) => {
      shell.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const pids = [`${host.pid}`, `${wg0.pid}`, `${shell.pid}`, grandchild];
    // One that has ended may stay a zombie until its new parent looks.
    const running = async (pid: string) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
      return stat !== null && !/\) Z /.test(stat);
    };
    expect(await Promise.all(pids.map(running))).toEqual([true, true, true, true]);
    await Promise.all([network.close(), network.close()]);
    expect(await Promise.all(pids.map(running))).toEqual([false, false, false, false]);
    await expect(network.host('late')).rejects.toThrow('The network is closed');
    await expect(host.exec(['true'])).rejects.toThrow('The namespace is closed');
  });
});
