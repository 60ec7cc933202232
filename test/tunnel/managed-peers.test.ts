import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EnforcedNetwork, startEnforcedNetwork, USER } from '../fixtures/enforced-network.ts';
import {
  connect,
  describeTunnel,
  generateKeyPair,
  generatePresharedKey,
  waitFor,
} from '../fixtures/tunnel.ts';

describeTunnel('enforcement on a real interface', () => {
  let given: EnforcedNetwork;
  beforeAll(async () => {
    given = await startEnforcedNetwork();
  });
  afterAll(() => given?.close());

  it('creates a working peer with the next free address', async () => {
    const { network, server, monitor, applied, comesBack } = given;
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
    const { network, server, monitor, comesBack } = given;
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
    const { server, alice, monitor, presharedKey, applied } = given;
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
    const { server, monitor, userOf } = given;
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
    const { server, alice, monitor, presharedKey, userOf } = given;
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
    const { server, bob, monitor, presharedKey, applied, comesBack } = given;
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
    const { server, bob, monitor, presharedKey, userOf, comesBack } = given;
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
