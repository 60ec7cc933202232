import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  connect,
  createNetwork,
  describeTunnel,
  type Network,
  type WgInterface,
  waitFor,
} from '../fixtures/tunnel.ts';
import { type Monitor, startMonitor } from '../fixtures/tunnel-app.ts';

describeTunnel('an interface that others reload and rename', () => {
  let network: Network;
  let server: WgInterface;
  let clients: WgInterface[];
  let monitor: Monitor;

  beforeAll(async () => {
    network = await createNetwork();
    const start = async (name: string, number: number) => {
      const host = await network.host(name);
      return host.addInterface({ addresses: [`10.8.0.${number}/24`] });
    };
    server = await start('server', 1);
    clients = [await start('alice', 2), await start('bob', 3), await start('carol', 4)];
    for (const client of clients) await connect(server, client);
    monitor = await startMonitor(server.host, { pollIntervalMs: 300 });
    for (const client of clients) await ping(client);
    await monitor.polled();
  });

  afterAll(async () => {
    await monitor?.close();
    await network?.close();
  });

  const ping = (client: WgInterface, deadlineSeconds = 6) =>
    client.host.ping('10.8.0.1', { count: 1, deadlineSeconds });
  const userOf = async ({ publicKey }: { publicKey: string }) =>
    (
      await monitor.graphql(
        `query ($key: String) { user(publicKey: $key) {
           id interface totalRx enforcement { applied } } }`,
        { key: publicKey },
      )
    ).user;
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
    const [alice, bob, carol] = clients as [WgInterface, WgInterface, WgInterface];
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
    const [, , carol] = clients as [WgInterface, WgInterface, WgInterface];
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
    const [alice] = clients as [WgInterface, WgInterface, WgInterface];
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
    expect((await userOf(alice)).enforcement.applied).toBe('ABSENT');
    expect((await ping(alice, 1)).received).toBe(0);
  });
});
