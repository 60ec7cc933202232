import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MonitoredNetwork, startMonitoredNetwork } from '../fixtures/monitored-network.ts';
import {
  connect,
  describeTunnel,
  type Network,
  type Received,
  sendBytes,
  startTraffic,
  type WgInterface,
  waitFor,
} from '../fixtures/tunnel.ts';
import type { Monitor } from '../fixtures/tunnel-app.ts';

const KB = 1024;
const MB = 1024 * 1024;

describeTunnel('quota and bandwidth on a real interface', () => {
  let given: MonitoredNetwork<'alice' | 'bob'>;
  let network: Network;
  let server: WgInterface;
  let alice: WgInterface;
  let bob: WgInterface;
  let monitor: Monitor;

  beforeAll(async () => {
    given = await startMonitoredNetwork(['alice', 'bob'], { pollIntervalMs: 1_000 });
    ({ network, server, monitor } = given);
    ({ alice, bob } = given.clients);
  });

  afterAll(() => given?.close());

  const userOf = (client: WgInterface) =>
    given.userOf(
      client,
      `id isOnline totalRx totalTx quota { limit used left } bandwidthLimit
       enforcement { desired applied reason lastError }`,
    );
  const update = async (client: WgInterface, input: string) => {
    const { id } = await userOf(client);
    await monitor.graphql(
      `mutation { updateUser(id: "${id}", input: { ${input} }) { user { id } } }`,
    );
    await monitor.polled();
  };
  const table = async () => {
    const { stdout } = await server.host.exec(['nft', 'list', 'ruleset']);
    return stdout;
  };
  const eventTypes = async (client: WgInterface) => {
    const { id } = await userOf(client);
    const { events } = await monitor.graphql(
      `{ events(first: 1000, filter: { userIds: ["${id}"] }) { edges { node { type reason } } } }`,
    );
    return events.edges.map(({ node }: { node: { type: string } }) => node.type);
  };

  it('holds a bandwidth in each direction and family, and does not affect other users', async () => {
    await server.host.exec(['nft', 'add', 'table', 'inet', 'others']);
    await update(alice, 'bandwidthLimit: 400');
    await waitFor('the limit to be in force', async () =>
      (await table()).includes('table inet wgql'),
    );
    const timing = { seconds: 10, warmUpSeconds: 2 };
    const [up, down, free] = await Promise.all([
      sendBytes(alice.host, server.host, { address: '10.8.0.1', ...timing }),
      sendBytes(server.host, alice.host, { address: 'fd08::2', ...timing }),
      sendBytes(bob.host, server.host, {
        address: '10.8.0.1',
        ratePerSecond: 1_500 * KB,
        ...timing,
      }),
    ]);
    for (const { receivedBytes, seconds } of [up, down]) {
      const rate = receivedBytes / seconds / (400 * KB);
      expect(rate).toBeGreaterThan(0.75);
      expect(rate).toBeLessThan(1.25);
    }
    expect(free.receivedBytes / free.seconds).toBeGreaterThan(0.9 * 1_500 * KB);
    expect(await eventTypes(alice)).toContain('LIMIT_APPLIED');
  });

  it('keeps the bandwidth after a kill, and writes nothing again', async () => {
    const handles = async () =>
      (await server.host.exec(['nft', '-a', 'list', 'table', 'inet', 'wgql'])).stdout;
    const before = await handles();
    await monitor.end('SIGKILL');
    expect(await handles()).toBe(before);
    await monitor.start();
    await monitor.polled();
    await monitor.polled();
    expect(await handles()).toBe(before);
  });

  it('applies a changed and a removed limit while traffic flows in both directions and families', async () => {
    const up = ['10.8.0.1', 'fd08::1'].map((address) =>
      startTraffic(alice.host, server.host, { address }),
    );
    const down = ['10.8.0.2', 'fd08::2'].map((address) =>
      startTraffic(server.host, alice.host, { address }),
    );
    const flows = await Promise.all([...up, ...down]);
    const received = () => Promise.all(flows.map((flow) => flow.received()));
    try {
      await update(alice, 'bandwidthLimit: 100');
      // A new limit starts with a full bucket, a second's worth, and what is on its way still comes.
      await delay(4_000);
      const from = await received();
      await delay(6_000);
      const until = await received();
      const rates = until.map(({ bytes, nowMs }, index) => {
        const { bytes: was, nowMs: wasMs } = from[index] as Received;
        return ((bytes - was) / (nowMs - wasMs)) * 1_000;
      });
      // Both families share what a direction has.
      for (const ways of [rates.slice(0, 2), rates.slice(2)]) {
        const rate = ways.reduce((sum, way) => sum + way, 0);
        expect(rate).toBeGreaterThan(100 * KB * 0.75);
        expect(rate).toBeLessThan(100 * KB * 1.25);
      }
    } finally {
      await Promise.all(flows.map((flow) => flow.stop()));
    }
    await update(alice, 'bandwidthLimit: 0');
    await waitFor('the table to be gone', async () => !(await table()).includes('wgql'));
    expect(await table()).toContain('table inet others');
  });

  it('stops a user when its quota is used up, with little excess, and warns before', async () => {
    const { id } = await userOf(bob);
    await monitor.graphql(`mutation { resetTraffic(id: "${id}") { user { id } } }`);
    await update(bob, 'dataLimit: 10');
    const traffic = await startTraffic(bob.host, server.host, {
      address: '10.8.0.1',
      ratePerSecond: 3 * MB,
    });
    try {
      const user = await waitFor(
        'bob to be cut off',
        async () => {
          const now = await userOf(bob);
          return now.enforcement.applied === 'ABSENT' ? now : null;
        },
        { timeoutMs: 30_000 },
      );
      expect(user.enforcement).toMatchObject({ desired: 'ABSENT', reason: 'QUOTA_EXCEEDED' });
      expect(await server.peer(bob.publicKey)).toBeNull();
      const overshoot = Number(user.quota.used) / (10 * MB) - 1;
      expect(overshoot).toBeGreaterThanOrEqual(0);
      expect(overshoot).toBeLessThan(0.15);
      const types = await eventTypes(bob);
      expect(types.filter((type: string) => type === 'QUOTA_WARNING')).toHaveLength(1);
      expect(types.filter((type: string) => type === 'QUOTA_EXCEEDED')).toHaveLength(1);
      expect(types.indexOf('QUOTA_WARNING')).toBeLessThan(types.indexOf('QUOTA_EXCEEDED'));
    } finally {
      await traffic.stop();
    }
  });

  it('stops a user with a sudden burst long before the next poll', async () => {
    const carol = await network.host('carol');
    const client = await carol.addInterface({ addresses: ['10.8.0.4/24'] });
    await connect(server, client);
    await monitor.polled();
    await update(client, 'dataLimit: 1');
    const traffic = await startTraffic(carol, server.host, { address: '10.8.0.1' });
    const user = await waitFor('the quota to be used up', async () => {
      const current = await userOf(client);
      return current.enforcement.applied === 'ABSENT' ? current : null;
    });
    const { bytes } = await traffic.received();
    await traffic.stop();
    // Without the backstop a whole poll interval passes, 40 MB here.
    expect(bytes).toBeLessThan(2 * MB);
    expect(Number(user.quota.used)).toBeLessThan(4 * MB);
    await monitor.graphql(`mutation { deleteUser(id: "${user.id}") { deletedId } }`);
    await carol.close();
  });

  it('restores the user after a reset, which no later poll reverts', async () => {
    const { id } = await userOf(bob);
    await monitor.graphql(`mutation { resetTraffic(id: "${id}") { user { id } } }`);
    await waitFor('bob to be back', async () => server.peer(bob.publicKey));
    await monitor.polled();
    await monitor.polled();
    const user = await userOf(bob);
    expect(Number(user.totalRx)).toBeLessThan(MB);
    expect(Number(user.quota.used)).toBeLessThan(MB);
    await waitFor(
      'the tunnel to carry pings',
      async () => {
        return (await bob.host.ping('10.8.0.1', { count: 1, deadlineSeconds: 6 })).received > 0;
      },
      { timeoutMs: 40_000 },
    );
  });

  it('still counts and removes users if nft is missing, and reports what is missing', async () => {
    await monitor.end('SIGTERM');
    const bin = '/run/no-nft';
    await server.host.exec(['mkdir', '-p', bin]);
    for (const tool of ['wg', 'ip']) {
      const { stdout } = await server.host.exec(['sh', '-c', `command -v ${tool}`]);
      await server.host.exec(['ln', '-sf', stdout.trim(), `${bin}/${tool}`]);
    }
    await monitor.start({ PATH: bin });
    await update(alice, 'bandwidthLimit: 100');
    const user = await waitFor('the error to be shown', async () => {
      const now = await userOf(alice);
      return now.enforcement.lastError === null ? null : now;
    });
    expect(user.enforcement.lastError).toMatch(/nft/);
    const { status } = await monitor.graphql('{ status { lastError stale } }');
    expect(status.lastError).toMatch(/nft/);
    await update(alice, 'enabled: false');
    await waitFor('alice to be off', async () => (await server.peer(alice.publicKey)) === null);
  });

  const isThere = async (client: WgInterface) => (await server.peer(client.publicKey)) !== null;
  const command = (mutation: string) => monitor.graphql(`mutation { ${mutation} { user { id } } }`);
  /** How often the program took a peer off and put it back. */
  const ownActions = async (id: string): Promise<[number, number]> => {
    const count = async (type: string) => {
      const { events } = await monitor.graphql(
        `{ events(first: 1000, filter: { types: [${type}], userIds: ["${id}"] }) { edges { node { actor } } } }`,
      );
      const actors = events.edges.map(({ node }: { node: { actor: string | null } }) => node.actor);
      return actors.filter((actor: string | null) => actor === 'wgql').length;
    };
    return [await count('PEER_REMOVED'), await count('PEER_ADDED')];
  };
  /** Temporary files and open descriptors of the program. */
  const leftBehind = async () => {
    const files = await readdir(monitor.temporaryFolder);
    const descriptors = await readdir(`/proc/${monitor.pid}/fd`);
    return { files, descriptors: descriptors.length };
  };

  it('leaves no rule, object or file behind after two hundred changes', async () => {
    await monitor.end('SIGTERM');
    await monitor.start();
    const { id } = await userOf(bob);
    await update(bob, 'dataLimit: 0');
    const before = await leftBehind();
    const logged = await ownActions(id);
    for (let toggle = 1; toggle <= 100; toggle++) {
      await command(`updateUser(id: "${id}", input: { enabled: false, bandwidthLimit: 0 })`);
      await waitFor('bob to be off', async () => !(await isThere(bob)), { everyMs: 25 });
      await command(`updateUser(id: "${id}", input: { enabled: true, bandwidthLimit: ${toggle} })`);
      await waitFor('bob to be back', () => isThere(bob), { everyMs: 25 });
    }
    await update(bob, 'bandwidthLimit: 0');
    await update(alice, 'enabled: true, bandwidthLimit: 0');
    await waitFor('alice to be back', () => isThere(alice));
    await waitFor('the table to be gone', async () => !(await table()).includes('wgql'));
    expect((await ownActions(id)).map((count, index) => count - (logged[index] ?? 0))).toEqual([
      100, 100,
    ]);
    expect((await server.dump()).peers).toHaveLength(2);
    const after = await leftBehind();
    expect([before.files, after.files]).toEqual([[], []]);
    // Connections of this test come and go; one descriptor a change would make 200.
    expect(after.descriptors).toBeLessThan(before.descriptors + 100);
  }, 400_000);
});
