import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MonitoredNetwork, startMonitoredNetwork } from '../fixtures/monitored-network.ts';
import { describeTunnel, type WgInterface, waitFor } from '../fixtures/tunnel.ts';
import type { Monitor } from '../fixtures/tunnel-app.ts';

describeTunnel('an interface that others reload and rename', () => {
  let given: MonitoredNetwork<'alice' | 'bob' | 'carol'>;
  let server: WgInterface;
  let alice: WgInterface;
  let bob: WgInterface;
  let carol: WgInterface;
  let monitor: Monitor;

  beforeAll(async () => {
    given = await startMonitoredNetwork(['alice', 'bob', 'carol'], { pollIntervalMs: 300 });
    ({ server, monitor } = given);
    ({ alice, bob, carol } = given.clients);
  });

  afterAll(() => given?.close());

  const ping = (client: WgInterface) =>
    client.host.ping('10.8.0.1', { count: 1, deadlineSeconds: 1 });
  const userOf = (client: { publicKey: string }) =>
    given.userOf(client, 'id interface totalRx enforcement { applied }');
  const manage = async (client: WgInterface) => {
    const { id } = await userOf(client);
    await monitor.graphql(
      `mutation { updateUser(id: "${id}", input: { managed: true }) { user { id } } }`,
    );
  };
  /** What `wg syncconf` does with a file that names these clients alone. */
  const load = (...named: WgInterface[]) => {
    const peers = named.map(
      ({ publicKey, addresses: [address = ''] }) =>
        `[Peer]\nPublicKey = ${publicKey}\nAllowedIPs = ${address.replace('/24', '/32')}\n`,
    );
    const head = `[Interface]\nPrivateKey = ${server.privateKey}\nListenPort = ${server.listenPort}\n`;
    return server.host.withSecret(`${head}${peers.join('')}`, (path) =>
      server.host.exec(['wg', 'syncconf', server.name, path]),
    );
  };

  it('gets back the managed peers that a reload removed', async () => {
    await manage(alice);
    await manage(bob);
    await load(carol);
    await waitFor('both to be back', async () => {
      const { peers } = await server.dump();
      return peers.length === 3;
    });
    const { events } = await monitor.graphql(
      '{ events(filter: { types: [INTERFACE_RELOADED] }) { edges { node { interface reason } } } }',
    );
    expect(events.edges).toEqual([{ node: { interface: 'wg0', reason: '2' } }]);
  });

  it('loses the peer of a deleted user that the file still contains', async () => {
    const { id } = await userOf(carol);
    await monitor.graphql(`mutation { deleteUser(id: "${id}") { deletedId } }`);
    expect(await server.peer(carol.publicKey)).toBeNull();
    await load(carol);
    await waitFor('the deleted one to be removed', async () => {
      const { status } = await monitor.graphql('{ status { lastError } }');
      const isNamed = status.lastError?.includes(carol.publicKey) ?? false;
      return isNamed && (await server.peer(carol.publicKey)) === null;
    });
    expect(await userOf(carol)).toBeNull();
    expect((await ping(carol)).received).toBe(0);
  });

  it('keeps its counters and limits under another name', async () => {
    await alice.reconnects('10.8.0.1');
    await monitor.polled();
    await server.host.exec(['ip', 'link', 'set', 'wg0', 'name', 'wgx']);
    await alice.reconnects('10.8.0.1');
    await waitFor('every byte to be booked once, under the new name', async () => {
      const shown = await server.peer(alice.publicKey);
      const user = await userOf(alice);
      return user.interface === 'wgx' && BigInt(user.totalRx) >= (shown?.rx ?? 0n);
    });
    const { events } = await monitor.graphql(
      '{ events(filter: { types: [INTERFACE_UP] }) { edges { node { interface reason } } } }',
    );
    expect(events.edges.at(-1)).toEqual({ node: { interface: 'wgx', reason: 'RENAMED' } });
    const { id } = await userOf(alice);
    await monitor.graphql(
      `mutation { setUserEnabled(id: "${id}", enabled: false) { user { id } } }`,
    );
    await waitFor('the peer to be removed', async () => {
      return (await server.peer(alice.publicKey)) === null;
    });
    // It is recorded once the removal has been read back.
    await waitFor('the removal to be recorded', async () => {
      return (await userOf(alice)).enforcement.applied === 'ABSENT';
    });
    expect((await ping(alice)).received).toBe(0);
  });
});
