import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EnforcedNetwork, startEnforcedNetwork } from '../fixtures/enforced-network.ts';
import { describeTunnel, startTraffic, type WgInterface, waitFor } from '../fixtures/tunnel.ts';

describeTunnel('enforcement on a real interface', () => {
  let given: EnforcedNetwork;
  beforeAll(async () => {
    given = await startEnforcedNetwork();
  });
  afterAll(() => given?.close());

  /** Total = what the counters showed last before each reset, plus what they show now. */
  const bookedBeside = async (client: WgInterface, past: bigint) => {
    const { server, userOf } = given;
    await waitFor('every byte to be booked', async () => {
      const before = await server.peer(client.publicKey);
      const { totalRx } = await userOf(client);
      const after = await server.peer(client.publicKey);
      return before?.rx === after?.rx && BigInt(totalRx) === past + (after?.rx ?? 0n);
    });
  };

  it('removes a disabled peer immediately, books its last bytes and ends its session', async () => {
    const { server, alice, bob, userOf, change, applied } = given;
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
    const { server, bob, userOf, change, applied, comesBack } = given;
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

  it('removes a disabled peer again within a poll when others add it', async () => {
    const { server, alice, presharedKey } = given;
    await server.setPeer({ publicKey: alice.publicKey, allowedIps: ['10.8.0.2/32'], presharedKey });
    await waitFor('the peer to be off again', async () => {
      return (await server.peer(alice.publicKey)) === null;
    });
  });

  it('keeps a disabled peer off after a crash', async () => {
    const { server, alice, monitor, presharedKey } = given;
    await monitor.end('SIGKILL');
    await server.setPeer({ publicKey: alice.publicKey, allowedIps: ['10.8.0.2/32'], presharedKey });
    await monitor.start();
    await waitFor('the peer to be off again', async () => {
      return (await server.peer(alice.publicKey)) === null;
    });
  });

  it('restores an enabled peer with its preshared key and keepalive', async () => {
    const { server, alice, presharedKey, userOf, change, applied, comesBack } = given;
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
    const { server, monitor, presharedKey } = given;
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
    const { server, bob, change, applied, comesBack } = given;
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
    const { server, alice, monitor, presharedKey, userOf, change, comesBack } = given;
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
    const { server, alice, monitor, presharedKey, userOf } = given;
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
});
