import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  connect,
  createNetwork,
  describeTunnel,
  generateKeyPair,
  generatePresharedKey,
  type Network,
  startTraffic,
  type WgInterface,
  waitFor,
} from '../fixtures/tunnel.ts';
import { type Monitor, startMonitor } from '../fixtures/tunnel-app.ts';

const USER = `id publicKey nickname isOnline enabled managed totalRx totalTx allowedIps
  enforcement { desired applied reason lastError since }
  sessions(first: 2) { edges { node { endedAt lastSeenAt endReason } } }`;

describeTunnel('enforcement on a real interface', () => {
  let network: Network;
  let server: WgInterface;
  let alice: WgInterface;
  let bob: WgInterface;
  let monitor: Monitor;
  const presharedKey = generatePresharedKey();

  beforeAll(async () => {
    network = await createNetwork();
    const start = async (name: string, number: number) => {
      const host = await network.host(name);
      return host.addInterface({ addresses: [`10.8.0.${number}/24`, `fd08::${number}/64`] });
    };
    server = await start('server', 1);
    alice = await start('alice', 2);
    bob = await start('bob', 3);
    await connect(server, alice, { presharedKey, serverSide: { persistentKeepalive: 21 } });
    await connect(server, bob);
    monitor = await startMonitor(server.host, { pollIntervalMs: 300 });
    await alice.host.ping('10.8.0.1', { count: 2 });
    await bob.host.ping('10.8.0.1', { count: 2 });
    await monitor.polled();
  });

  afterAll(async () => {
    await monitor?.close();
    await network?.close();
  });

  const userOf = async (client: { publicKey: string }) =>
    (
      await monitor.graphql(`query ($key: String) { user(publicKey: $key) { ${USER} } }`, {
        key: client.publicKey,
      })
    ).user;
  const change = async (client: WgInterface, mutation: string) => {
    const { id } = await userOf(client);
    return monitor.graphql(`mutation { ${mutation.replace('ID', `"${id}"`)} { user { id } } }`);
  };
  const applied = (client: { publicKey: string }, state: string) =>
    waitFor(`${state}`, async () => {
      const user = await userOf(client);
      return user.enforcement.applied === state ? user : null;
    });
  const comesBack = (client: WgInterface) =>
    waitFor(
      'the tunnel to carry pings',
      async () => {
        const { received } = await client.host.ping('10.8.0.1', { count: 1, deadlineSeconds: 6 });
        return received > 0;
      },
      { timeoutMs: 40_000 },
    );
  /** Total = what the counters showed last before each reset, plus what they show now. */
  const bookedBeside = async (client: WgInterface, past: bigint) => {
    await waitFor('every byte to be booked', async () => {
      const before = await server.peer(client.publicKey);
      const { totalRx } = await userOf(client);
      const after = await server.peer(client.publicKey);
      return before?.rx === after?.rx && BigInt(totalRx) === past + (after?.rx ?? 0n);
    });
  };

  it('removes a disabled peer immediately, books its last bytes and ends its session', async () => {
    const before = await userOf(alice);
    await change(alice, 'setUserEnabled(id: ID, enabled: false)');
    const user = await applied(alice, 'ABSENT');
    expect(await server.peer(alice.publicKey)).toBeNull();
    expect(user).toMatchObject({
      isOnline: false,
      enabled: false,
      enforcement: { desired: 'ABSENT', reason: 'DISABLED', lastError: null },
    });
    expect(BigInt(user.totalRx)).toBeGreaterThanOrEqual(BigInt(before.totalRx));
    expect(user.sessions.edges[0].node.endReason).toBe('DISABLED');
    expect(await server.peer(bob.publicKey)).not.toBeNull();
  });

  it('books every byte that a peer delivered before it was removed', async () => {
    const payload = 1_200;
    // IPv4 and UDP headers, padding to 16 bytes, WireGuard's header and tag.
    const onTheWire = Math.ceil((payload + 28) / 16) * 16 + 32;
    const missing: number[] = [];
    for (let cut = 0; cut < 2; cut++) {
      const { totalRx } = await userOf(bob);
      const traffic = await startTraffic(bob.host, server.host, {
        address: '10.8.0.1',
        proto: 'udp',
        ratePerSecond: 4 * 1024 * 1024,
        datagramBytes: payload,
      });
      await waitFor('the traffic', async () => (await traffic.received()).bytes > 400_000);
      await change(bob, 'setUserEnabled(id: ID, enabled: false)');
      const user = await applied(bob, 'ABSENT');
      const { bytes } = await traffic.received();
      await traffic.stop();
      const delivered = (bytes / payload) * onTheWire;
      missing.push(Math.max(0, delivered - Number(BigInt(user.totalRx) - BigInt(totalRx))));
      await change(bob, 'setUserEnabled(id: ID, enabled: true)');
      await comesBack(bob);
    }
    expect(missing).toEqual([0, 0]);
  });

  it('removes it again within a poll when others add it', async () => {
    await server.setPeer({ publicKey: alice.publicKey, allowedIps: ['10.8.0.2/32'], presharedKey });
    await waitFor('the peer to be off again', async () => {
      return (await server.peer(alice.publicKey)) === null;
    });
  });

  it('keeps it off after a crash', async () => {
    await monitor.end('SIGKILL');
    await server.setPeer({ publicKey: alice.publicKey, allowedIps: ['10.8.0.2/32'], presharedKey });
    await monitor.start();
    await waitFor('the peer to be off again', async () => {
      return (await server.peer(alice.publicKey)) === null;
    });
  });

  it('restores it with its preshared key and keepalive', async () => {
    const past = BigInt((await userOf(alice)).totalRx);
    await change(alice, 'setUserEnabled(id: ID, enabled: true)');
    await applied(alice, 'PRESENT');
    const peer = await server.peer(alice.publicKey);
    expect(peer).toMatchObject({ presharedKey, keepalive: 21 });
    expect([...(peer?.allowedIps ?? [])].sort()).toEqual(['10.8.0.2/32', 'fd08::2/128']);
    expect(peer?.endpoint).toMatch(new RegExp(`^${alice.host.ipv4}:`));
    await comesBack(alice);
    await bookedBeside(alice, past);
  });

  it('stores no preshared key in clear in any file of the database', async () => {
    const { stdout } = await server.host.exec([
      'sh',
      '-c',
      'cat "$1" "$1-wal" | grep -c -F "$2" || :',
      'sh',
      monitor.databasePath,
      presharedKey,
    ]);
    expect(stdout.trim()).toBe('0');
    expect(monitor.log()).not.toContain(presharedKey);
  });

  it('removes an expired user, and restores it when the expiry is moved', async () => {
    const soon = new Date(Date.now() + 2_000).toISOString();
    await change(bob, `updateUser(id: ID, input: { expiresAt: "${soon}" })`);
    await applied(bob, 'PRESENT');
    const user = await applied(bob, 'ABSENT');
    expect(user.enforcement.reason).toBe('EXPIRED');
    expect(await server.peer(bob.publicKey)).toBeNull();
    await change(bob, 'updateUser(id: ID, input: { expiresAt: null })');
    await waitFor('bob to be back', async () => (await server.peer(bob.publicKey)) !== null);
    await comesBack(bob);
  });

  it('makes a kicked client repeat the handshake', async () => {
    await comesBack(alice);
    await monitor.polled();
    const past = BigInt((await userOf(alice)).totalRx);
    const before = await server.peer(alice.publicKey);
    await waitFor(
      'a second to pass',
      async () => Date.now() / 1000 > (before?.latestHandshake ?? 0) + 1,
    );
    await change(alice, 'kickUser(id: ID)');
    const kicked = await server.peer(alice.publicKey);
    expect(kicked?.presharedKey).toBe(presharedKey);
    expect(kicked?.latestHandshake).not.toBe(before?.latestHandshake);
    const user = await userOf(alice);
    // The client may have shaken hands again already, in a session of its own.
    const reasons = user.sessions.edges.map(
      ({ node }: { node: { endReason: string } }) => node.endReason,
    );
    expect(reasons).toContain('KICKED');
    await comesBack(alice);
    const after = await server.peer(alice.publicKey);
    expect(after?.latestHandshake).toBeGreaterThan(before?.latestHandshake ?? 0);
    expect(past).toBeGreaterThan(0n);
    await waitFor('alice to be online again', async () => (await userOf(alice)).isOnline);
  });

  it('restores a client if the program was killed during its kick', async () => {
    const bin = '/run/no-return';
    const wrapper = '#!/bin/sh\n[ "$1" = addconf ] && exec sleep 60\nexec "$WG" "$@"\n';
    const { stdout: paths } = await server.host.exec(
      ['sh', '-c', 'mkdir $0 && cat > $0/wg && chmod +x $0/wg && command -v wg && echo $PATH', bin],
      { input: wrapper },
    );
    const [wg = '', path = ''] = paths.split('\n');
    await monitor.end('SIGTERM');
    await monitor.start({ PATH: `${bin}:${path}`, WG: wg });
    await monitor.polled();
    const { id } = await userOf(alice);
    const kick = monitor.graphql(`mutation { kickUser(id: "${id}") { user { id } } }`);
    kick.catch(() => {});
    await waitFor('alice to be removed', async () => (await server.peer(alice.publicKey)) === null);
    await monitor.end('SIGKILL');
    expect(await server.peer(alice.publicKey)).toBeNull();
    await monitor.start();
    await waitFor('alice to be back', async () => {
      const peer = await server.peer(alice.publicKey);
      return peer?.presharedKey === presharedKey;
    });
    // The server knows where the client is, and need not wait until that finds its session gone.
    await waitFor('the tunnel to carry pings', async () => {
      const { received } = await server.host.ping('10.8.0.2', { count: 1, deadlineSeconds: 2 });
      return received > 0;
    });
    await monitor.polled();
    expect((await userOf(alice)).isOnline).toBe(true);
  });

  it('creates a working peer with the next free address', async () => {
    const carolHost = await network.host('carol');
    const keys = generateKeyPair();
    const { createUser } = await monitor.graphql(
      `mutation ($key: String!) { createUser(input: { publicKey: $key, nickname: "carol" }) { user { ${USER} } } }`,
      { key: keys.publicKey },
    );
    expect(createUser.user.allowedIps).toEqual(['10.8.0.4/32', 'fd08::4/128']);
    const carol = await carolHost.addInterface({
      privateKey: keys.privateKey,
      addresses: ['10.8.0.4/24'],
    });
    await applied(carol, 'PRESENT');
    await carol.setPeer({
      publicKey: server.publicKey,
      allowedIps: ['10.8.0.0/24'],
      endpoint: `${server.host.ipv4}:${server.listenPort}`,
    });
    await comesBack(carol);
  });

  it('provisions a client with a working configuration, and stores no private key', async () => {
    const { provisionUser } = await monitor.graphql(
      `mutation { provisionUser(input: { nickname: "dave", endpoint: "${server.host.ipv4}" }) { configuration qrSvg user { id publicKey allowedIps } } }`,
    );
    const { configuration, qrSvg, user } = provisionUser;
    expect(qrSvg).toMatch(/^<svg/);
    const value = (name: string) =>
      new RegExp(`^${name} = (.*)$`, 'm').exec(configuration)?.[1] ?? '';
    expect(value('Endpoint')).toBe(`${server.host.ipv4}:${server.listenPort}`);
    const host = await network.host('dave');
    const dave = await host.addInterface({
      privateKey: value('PrivateKey'),
      addresses: value('Address')
        .split(', ')
        .map((address) => address.replace('/32', '/24').replace('/128', '/64')),
    });
    expect(dave.publicKey).toBe(user.publicKey);
    await dave.setPeer({
      publicKey: value('PublicKey'),
      presharedKey: value('PresharedKey'),
      allowedIps: value('AllowedIPs').split(', '),
      endpoint: value('Endpoint'),
    });
    await comesBack(dave);
    const { stdout } = await server.host.exec([
      'sh',
      '-c',
      'cat "$1" "$1-wal" | grep -c -F -e "$2" -e "$3" || :',
      'sh',
      monitor.databasePath,
      value('PrivateKey'),
      value('PresharedKey'),
    ]);
    expect(stdout.trim()).toBe('0');
    await monitor.graphql(`mutation { deleteUser(id: "${user.id}") { deletedId } }`);
    await host.close();
  });

  it('restores managed users after the interface is re-created, and no other peers', async () => {
    await server.recreate();
    await waitFor('carol to be back', async () => (await server.dump()).peers.length === 1);
    const { users } = await monitor.graphql(
      '{ users { edges { node { nickname managed publicKey } } } }',
    );
    const managed = users.edges.filter(({ node }: { node: { managed: boolean } }) => node.managed);
    expect(managed.map(({ node }: { node: { nickname: string } }) => node.nickname)).toEqual([
      'carol',
    ]);
    await applied(managed[0].node, 'PRESENT');
    await connect(server, alice, { presharedKey });
  });

  it('does not restore a managed peer that was removed by hand, until it is enabled', async () => {
    const { users } = await monitor.graphql(
      '{ users(filter: { managed: true }) { edges { node { id publicKey } } } }',
    );
    const [{ node: carol }] = users.edges;
    await waitFor('carol to be there', async () => server.peer(carol.publicKey));
    await monitor.polled();
    await server.removePeer(carol.publicKey);
    await waitFor('carol to be missing', async () => {
      return (await userOf(carol)).enforcement.applied === 'MISSING';
    });
    await monitor.end('SIGTERM');
    await monitor.start();
    await monitor.polled();
    expect(await server.peer(carol.publicKey)).toBeNull();
    await monitor.graphql(
      `mutation { setUserEnabled(id: "${carol.id}", enabled: true) { user { id } } }`,
    );
    await waitFor('carol to be back', async () => server.peer(carol.publicKey));
  });

  it('deletes a user: the peer is removed, personal data erased, the charts kept', async () => {
    const chart = async () =>
      (await monitor.graphql('{ traffic(bucket: DAY) { rx tx } }')).traffic.at(-1);
    await monitor.polled();
    const before = await chart();
    const { id } = await userOf(alice);
    await monitor.graphql(`mutation { deleteUser(id: "${id}") { deletedId } }`);
    expect(await server.peer(alice.publicKey)).toBeNull();
    expect(await userOf(alice)).toBeNull();
    const after = await chart();
    expect(BigInt(after.rx)).toBeGreaterThanOrEqual(BigInt(before.rx));
    await connect(server, alice, { presharedKey });
    await waitFor('alice to be removed again', async () => {
      return (await server.peer(alice.publicKey)) === null;
    });
    expect(await userOf(alice)).toBeNull();
  });

  it('gives a peer the preshared key that its owner set last, even if adopted while down', async () => {
    const isDown = (down: boolean) =>
      waitFor(`the interface to be ${down ? 'down' : 'up'}`, async () => {
        const { status } = await monitor.graphql('{ status { interfaces { up } } }');
        return status.interfaces.every(({ up }: { up: boolean }) => up !== down);
      });
    await connect(server, bob, { presharedKey });
    await monitor.polled();
    await server.destroy();
    await isDown(true);
    const { createUser } = await monitor.graphql(
      `mutation { createUser(input: { publicKey: "${bob.publicKey}" }) { user { managed } } }`,
    );
    expect(createUser.user.managed).toBe(true);
    await server.recreate();
    await isDown(false);
    await applied(bob, 'PRESENT');
    expect((await server.peer(bob.publicKey))?.presharedKey).toBe(presharedKey);
    await comesBack(bob);
  });

  it('corrects changes of others to a managed peer, including its preshared key', async () => {
    const wanted = await server.peer(bob.publicKey);
    const other = generatePresharedKey();
    await server.setPeer({
      publicKey: bob.publicKey,
      allowedIps: ['10.8.0.99/32'],
      presharedKey: other,
    });
    await waitFor('bob to be as declared', async () => {
      const peer = await server.peer(bob.publicKey);
      return peer?.presharedKey === presharedKey && !peer.allowedIps.includes('10.8.0.99/32');
    });
    expect((await server.peer(bob.publicKey))?.allowedIps.sort()).toEqual(
      wanted?.allowedIps.sort(),
    );
    await monitor.polled();
    const { id } = await userOf(bob);
    const { events } = await monitor.graphql(
      `{ events(first: 1000, filter: { types: [PEER_UPDATED], userIds: ["${id}"] }) {
         edges { node { actor reason } } } }`,
    );
    expect(events.edges.slice(-2).map(({ node }: { node: object }) => node)).toEqual([
      { actor: null, reason: 'ALLOWED_IPS,PRESHARED_KEY' },
      { actor: 'wgql', reason: 'ALLOWED_IPS,PRESHARED_KEY' },
    ]);
    await comesBack(bob);
  });
});
