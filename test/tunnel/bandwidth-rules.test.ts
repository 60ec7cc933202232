import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type BandwidthLimit,
  createNftTable,
  type RunNft,
  type WantedControl,
} from '../../src/wg/nft/table.ts';
import {
  connect,
  createNetwork,
  describeTunnel,
  type Host,
  type Network,
  type Received,
  sendBytes,
  startTraffic,
  type WgInterface,
} from '../fixtures/tunnel.ts';

const KB = 1024;
const { signal } = new AbortController();
const NOTHING: WantedControl = { bandwidth: [], quotas: [], prefixes: [] };

/** A control whose nft runs on that host, and the scripts that it wrote. */
function controlOf(host: Host) {
  const scripts: string[] = [];
  const run: RunNft = async (args, input) => {
    if (args.includes('-f')) scripts.push(input);
    return (await host.exec(['nft', ...args], { input, timeoutMs: 60_000 })).stdout;
  };
  return { control: createNftTable(run), scripts };
}

const limit = (
  userId: number,
  kilobytes: number,
  prefixes: readonly string[] = [`10.8.0.${userId}/32`, `fd08::${userId}/128`],
): BandwidthLimit => ({
  userId,
  interface: 'wg0',
  prefixes,
  bytesPerSecond: BigInt(kilobytes * KB),
});
const limits = (...bandwidth: BandwidthLimit[]): WantedControl => ({
  bandwidth,
  quotas: [],
  prefixes: bandwidth,
});

describeTunnel('the table of limits', () => {
  let network: Network;
  let host: Host;
  let one: ReturnType<typeof controlOf>;

  beforeAll(async () => {
    network = await createNetwork();
    host = await network.host('server');
  });

  afterAll(() => network?.close());

  beforeEach(async () => {
    await host.exec(['nft', 'flush', 'ruleset']);
    one = controlOf(host);
  });

  const nft = async (script: string) =>
    (await host.exec(['nft', '-f', '-'], { input: script })).stdout;
  const ruleset = async () => (await host.exec(['nft', '-s', 'list', 'ruleset'])).stdout;
  /** A program that has just started: whether it finds the table as wanted. */
  const isInForce = async (wanted: WantedControl) => {
    const fresh = controlOf(host);
    await fresh.control.apply(wanted, signal);
    return fresh.scripts.length === 0;
  };

  it('is written once, and is equal for the next call and the next program', async () => {
    const wanted = limits(limit(2, 100), limit(3, 400));
    expect(await one.control.apply(wanted, signal)).toEqual({ limitedUserIds: [2, 3] });
    expect(await one.control.apply(structuredClone(wanted), signal)).toEqual({
      limitedUserIds: [],
    });
    expect(one.scripts).toHaveLength(1);
    expect(await isInForce(wanted)).toBe(true);
  });

  it('is equal after a read, whatever it contains', async () => {
    const prefix = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
      fc.tuple(
        fc.constantFrom('10.0.0.1', '10.0.0.2', '::ffff:10.0.0.1', '::10.0.0.1', '::', 'fd00::'),
        fc.constantFrom(24, 29, 31, 32),
      ),
    );
    const some = fc.record({
      userId: fc.integer({ min: 1, max: 6 }),
      interface: fc.constantFrom('wg0', 'wg-a.b', 'wg*', 'wg;$x', '*', '1'),
      prefixes: fc.array(
        prefix.map((pair) => pair.join('/')),
        { maxLength: 4 },
      ),
      bytesPerSecond: fc.oneof(
        fc.bigInt(1n, 2n ** 41n),
        fc.constantFrom(1n, 1023n, 1024n, 1_000_000n, 2n ** 20n, 2n ** 30n, 2n ** 41n),
      ),
      bytesLeft: fc.bigInt(0n, 2n ** 63n - 1n),
      seed: fc.constantFrom('a', 'b'),
      countsTx: fc.boolean(),
      isBooked: fc.boolean(),
    });
    const wanted = fc.record({
      bandwidth: fc.array(some, { maxLength: 8 }),
      quotas: fc.array(some, { maxLength: 4 }),
      prefixes: fc.array(some, { maxLength: 8 }),
    });
    // Each from the one before it, so that most are changes of a table that is there.
    await fc.assert(
      fc.asyncProperty(wanted, async (next) => {
        await one.control.apply(next, signal);
        expect(await isInForce(next)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the objects of users that did not change', async () => {
    await one.control.apply(limits(limit(2, 100), limit(3, 400)), signal);
    const handles = async () => {
      const { stdout } = await host.exec(['nft', '-a', 'list', 'limits']);
      return Object.fromEntries(
        [...stdout.matchAll(/limit (\w+) \{ # handle (\d+)/g)].map(([, name, handle]) => [
          name,
          handle,
        ]),
      );
    };
    const before = await handles();
    const wanted = limits(limit(2, 100), limit(3, 500), limit(4, 10));
    expect(await one.control.apply(wanted, signal)).toEqual({ limitedUserIds: [3, 4] });
    const after = await handles();
    expect([after.u2_rx, after.u2_tx]).toEqual([before.u2_rx, before.u2_tx]);
    expect(after.u3_rx).not.toBe(before.u3_rx);
    expect(Object.keys(after)).toHaveLength(6);
  });

  it.each([
    ['the table is deleted', 'delete table inet wgql'],
    ['all is flushed', 'flush ruleset'],
    ['the rules are flushed', 'flush table inet wgql'],
    ['a chain is flushed', 'flush chain inet wgql postrouting'],
    ['an element is deleted', 'delete element inet wgql rx4 { 10.8.0.2 . "wg0" }'],
    ['a map is flushed', 'flush map inet wgql tx6'],
    ['an element is added', 'add element inet wgql rx4 { 10.9.0.0/16 . "wg0" : "u2_rx" }'],
    ['an object is added', 'add limit inet wgql other { rate 5/second }'],
    ['a chain is added', 'add chain inet wgql other'],
    ['a rule is added', 'add rule inet wgql prerouting drop'],
  ])('is repaired when %s', async (_, damage) => {
    const wanted = limits(limit(2, 100), limit(3, 400));
    await one.control.apply(wanted, signal);
    // The kernel orders the elements of a map as it likes.
    const words = async () => (await ruleset()).split(/[\s,]+/).sort();
    const whole = await words();
    await nft(damage);
    await one.control.apply(wanted, signal);
    expect(one.scripts).toHaveLength(2);
    expect(await words()).toEqual(whole);
    await one.control.apply(wanted, signal);
    expect(one.scripts).toHaveLength(2);
  });

  it('leaves nothing behind, and does not change other tables', async () => {
    const others =
      'table inet wgql2 { set s { type ipv4_addr; }; }\ntable ip wgql { chain c { }; }';
    await nft(others);
    const before = await ruleset();
    for (let toggle = 0; toggle < 10; toggle++) {
      await one.control.apply(limits(limit(2, 100 + toggle)), signal);
      expect(await ruleset()).not.toBe(before);
      await one.control.apply(NOTHING, signal);
    }
    expect(await ruleset()).toBe(before);
    await one.control.apply(limits(limit(2, 100)), signal);
    await one.control.cleanup(signal);
    await one.control.cleanup(signal);
    expect(await ruleset()).toBe(before);
    await one.control.apply(limits(limit(2, 100)), signal);
    expect(await isInForce(limits(limit(2, 100)))).toBe(true);
  });

  it('is read less often if it is large', async () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      limit(index + 1, 100, [`10.9.${index >> 8}.${index & 255}/32`]),
    );
    let looks = 0;
    const control = createNftTable(async (args, input) => {
      if (args.includes('list')) looks += 1;
      return (await host.exec(['nft', ...args], { input })).stdout;
    });
    const wanted = limits(...many);
    await control.apply(wanted, signal);
    looks = 0;
    for (let poll = 0; poll < 6; poll++) await control.apply(wanted, signal);
    expect(looks).toBe(2);
    await host.exec(['nft', 'flush', 'ruleset']);
    const changed = limits(...many.slice(1));
    expect((await control.apply(changed, signal)).limitedUserIds).toHaveLength(2999);
  });

  it('is not even partly written if nft rejects it', async () => {
    await one.control.apply(limits(limit(2, 100)), signal);
    const before = await ruleset();
    const refused = limits(limit(2, 100), { ...limit(3, 5), interface: 'sixteen-letters-' });
    await expect(one.control.apply(refused, signal)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(await ruleset()).toBe(before);
    expect(await one.control.apply(limits(limit(2, 100)), signal)).toEqual({ limitedUserIds: [] });
  });
});

/** A server and its clients; client n has 10.8.0.n and fd08::n and is user n. */
async function startClients(count: number, segmentationOffload: boolean) {
  const network = await createNetwork({ segmentationOffload });
  const start = async (name: string, number: number) => {
    const host = await network.host(name);
    return host.addInterface({ addresses: [`10.8.0.${number}/24`, `fd08::${number}/64`] });
  };
  try {
    const server = await start('server', 1);
    const clients = await Promise.all(
      Array.from({ length: count }, (_, index) => start(`client${index + 2}`, index + 2)),
    );
    for (const client of clients) {
      await connect(server, client);
      await client.host.ping('10.8.0.1', { count: 1 });
    }
    return { network, server, clients, ...controlOf(server.host) };
  } catch (error) {
    await network.close();
    throw error;
  }
}

type Direction = 'up' | 'down';
type Family = 4 | 6;

const FLOWS: readonly (readonly [Direction, Family])[] = [
  ['up', 4],
  ['up', 6],
  ['down', 4],
  ['down', 6],
];

const inner = (family: Family, number: number) =>
  family === 4 ? `10.8.0.${number}` : `fd08::${number}`;

function route(server: WgInterface, client: WgInterface, direction: Direction, family: Family) {
  const number = Number(/\.(\d+)\//.exec(client.addresses.join())?.[1]);
  return direction === 'up'
    ? ([client.host, server.host, inner(family, 1)] as const)
    : ([server.host, client.host, inner(family, number)] as const);
}

for (const offload of [true, false]) {
  describeTunnel(`limits of real tunnels, segmentation offload ${offload ? 'on' : 'off'}`, () => {
    let rig: Awaited<ReturnType<typeof startClients>>;

    beforeAll(async () => {
      rig = await startClients(13, offload);
    });

    afterAll(() => rig?.network.close());

    /** Kilobytes a second between 2 and 12 s after the start. */
    const measure = async (
      client: WgInterface | undefined,
      [direction, family]: readonly [Direction, Family],
      options: { proto?: 'udp'; ratePerSecond?: number } = {},
    ) => {
      const [from, to, address] = route(rig.server, client as WgInterface, direction, family);
      const timing = { seconds: 10, warmUpSeconds: 2 };
      const result = await sendBytes(from, to, { address, ...options, ...timing });
      return result.receivedBytes / result.seconds / KB;
    };

    it('hold in both directions and families, for TCP and UDP, and do not affect others', async () => {
      const { clients, control } = rig;
      const udp = { proto: 'udp', ratePerSecond: 600 * KB } as const;
      const flows = [
        ...FLOWS.map((flow) => ({ flow, kilobytes: 400, options: {} })),
        ...FLOWS.map((flow) => ({ flow, kilobytes: 40, options: {} })),
        ...FLOWS.map((flow) => ({ flow, kilobytes: 200, options: udp })),
      ];
      const limited = flows.map(({ kilobytes }, index) => limit(index + 2, kilobytes));
      await control.apply(limits(...limited), signal);
      const [free, ...rates] = await Promise.all([
        measure(clients[flows.length], ['down', 4], { ratePerSecond: 4000 * KB }),
        ...flows.map(({ flow, options }, index) => measure(clients[index], flow, options)),
      ]);
      for (const [index, { flow, kilobytes, options }] of flows.entries()) {
        const what = JSON.stringify({ flow, kilobytes, ...options });
        expect(rates[index], what).toBeGreaterThan(kilobytes * 0.75);
        // The slow ones may use up their burst, 64 KiB in 10 s.
        const most = kilobytes < 100 ? kilobytes + 6.4 : kilobytes * 1.25;
        expect(rates[index], what).toBeLessThan(most);
      }
      expect(free).toBeGreaterThan(3500);
    });
  });
}

describeTunnel('a running transfer', () => {
  let rig: Awaited<ReturnType<typeof startClients>>;

  beforeAll(async () => {
    rig = await startClients(FLOWS.length, true);
  });

  afterAll(() => rig?.network.close());

  it('follows a new, a changed and a removed limit, in both directions and families', async () => {
    const { server, clients, control } = rig;
    const flows = await Promise.all(
      FLOWS.map(([direction, family], index) => {
        const [from, to, address] = route(server, clients[index] as WgInterface, direction, family);
        return startTraffic(from, to, { address, ratePerSecond: 2000 * KB });
      }),
    );
    const allLimited = (kilobytes: number) =>
      limits(...FLOWS.map((_, index) => limit(index + 2, kilobytes)));
    /** The lowest and the highest of all. */
    const rates = async () => {
      // TCP needs a moment to find a new rate, and the bucket holds a second's worth.
      await delay(2000);
      const before = await Promise.all(flows.map((flow) => flow.received()));
      await delay(3000);
      const after = await Promise.all(flows.map((flow) => flow.received()));
      const all = after.map(({ bytes, nowMs }, index) => {
        const { bytes: was, nowMs: wasMs } = before[index] as Received;
        return (bytes - was) / (nowMs - wasMs) / 1.024;
      });
      return [Math.min(...all), Math.max(...all)] as const;
    };
    try {
      expect((await rates())[0]).toBeGreaterThan(1500);
      for (const kilobytes of [1000, 300]) {
        await control.apply(allLimited(kilobytes), signal);
        const [least, most] = await rates();
        expect(least).toBeGreaterThan(kilobytes * 0.75);
        expect(most).toBeLessThan(kilobytes * 1.25);
      }
      await control.apply(NOTHING, signal);
      expect((await rates())[0]).toBeGreaterThan(1500);
    } finally {
      await Promise.all(flows.map((flow) => flow.stop()));
    }
  });

  it('stops in either direction when the quota is used up, until more is left', async () => {
    const { server, clients, control } = rig;
    const [, bob] = clients as [WgInterface, WgInterface];
    const backstop = (seed: string, bytesLeft: bigint): WantedControl => ({
      ...NOTHING,
      quotas: [{ ...limit(3, 0), bytesLeft, seed, countsTx: true, isBooked: true }],
    });
    await control.apply(backstop('monday', 300_000n), signal);
    let received = 0;
    for (const [direction, family] of FLOWS) {
      const [from, to, address] = route(server, bob, direction, family);
      const options = { proto: 'udp', bytes: 96_000, ratePerSecond: 400_000 } as const;
      received += (await sendBytes(from, to, { address, ...options })).receivedBytes;
      // A poll, at which less is left.
      await control.apply(backstop('monday', 100n), signal);
    }
    expect(received).toBeGreaterThan(270_000);
    expect(received).toBeLessThan(300_000);
    expect((await bob.host.ping('10.8.0.1', { count: 3, deadlineSeconds: 1 })).received).toBe(0);
    // WireGuard has booked less than nftables counted, then a new day begins.
    for (const seed of ['monday', 'tuesday']) {
      await control.apply(backstop(seed, 300_000n), signal);
      expect((await bob.host.ping('10.8.0.1')).received).toBe(3);
    }
  });
});
